# Makes ../evaluation.json: Rscript evaluation.R (package forecast). Reads the series of ../accuracy.json.
suppressMessages({library(forecast); library(jsonlite)})
sets <- fromJSON("../accuracy.json", simplifyVector = FALSE)$sets
out <- list()
for (set in sets) for (one in set$series) {
  y <- ts(unlist(one$train), frequency = set$season); h <- 2 * set$season + 3
  m <- meanf(y, h = h, level = c(80, 95)); s <- snaive(y, h = h, level = c(80, 95))
  f <- function(x) list(mean = as.numeric(x$mean), lower80 = as.numeric(x$lower[, 1]), upper80 = as.numeric(x$upper[, 1]),
                        lower95 = as.numeric(x$lower[, 2]), upper95 = as.numeric(x$upper[, 2]))
  n <- length(y); first <- max(6, n %/% 2)
  errors <- function(forecaster, h) sapply(first:(n - h), function(k)
    y[k + h] - forecaster(ts(y[1:k], frequency = set$season), h = h)$mean[h])
  tests <- list()
  for (h2 in c(1, 3)) {
    e1 <- errors(naive, h2); e2 <- errors(function(x, h) rwf(x, h = h, drift = TRUE), h2)
    if (length(e1) < 5) next
    for (power in 1:2) for (estimator in c("acf", "bartlett")) {
      v <- tryCatch(withCallingHandlers({
        r <- sapply(c("two.sided", "less", "greater"), function(a)
          dm.test(e1, e2, alternative = a, h = h2, power = power, varestimator = estimator)$p.value)
        t <- dm.test(e1, e2, h = h2, power = power, varestimator = estimator)$statistic
        list(p = as.numeric(r), statistic = as.numeric(t)) }, warning = function(w) stop("negative variance")),
        error = function(e) list(error = conditionMessage(e)))
      tests[[length(tests) + 1]] <- c(list(h = h2, power = power, estimator = estimator, first = e1, second = e2), v)
    }
  }
  out[[one$id]] <- list(id = one$id, season = set$season, y = as.numeric(y), t80 = qt(.9, n - 1), t95 = qt(.975, n - 1),
                        meanf = f(m), snaive = f(s), snaive_sigma = sqrt(mean(residuals(s)^2, na.rm = TRUE)), dm = tests)
}
origin <- list(software = "R package forecast", version = paste(packageVersion("forecast"), R.version.string),
  calls = "meanf(y, h), snaive(y, h), levels 80 and 95; dm.test of rolling-origin errors of naive and rwf(drift = TRUE)",
  series = "training parts of accuracy.json")
write(toJSON(list(origin = origin, series = unname(out)), auto_unbox = TRUE, digits = NA, na = "null", pretty = FALSE), "../evaluation.json")
