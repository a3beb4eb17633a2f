# usage: Rscript theta_ces.R IN OUT   lines of IN: id, period, horizon, observations; of OUT: alpha, level, forecasts of thetaf
suppressMessages(library(forecast))
a <- commandArgs(TRUE)
con <- file(a[2], "w")
for (line in readLines(a[1])) {
  f <- strsplit(line, ",")[[1]]
  m <- as.integer(f[2]); h <- as.integer(f[3]); x <- ts(as.numeric(f[-(1:3)]), frequency = m)
  fc <- thetaf(x, h = h)
  adjusted <- x
  if (m > 1) {
    r <- as.numeric(acf(x, lag.max = m, plot = FALSE)$acf)[-1]
    if (abs(r[m]) / sqrt((1 + 2 * sum(r[-m]^2)) / length(x)) > qnorm(0.95))
      adjusted <- x / decompose(x, type = "multiplicative")$seasonal
  }
  s <- ses(adjusted, h = h)$model
  writeLines(paste(sprintf("%.17g", c(s$par["alpha"], s$initstate[1], fc$mean)), collapse = ","), con)
}
close(con)
