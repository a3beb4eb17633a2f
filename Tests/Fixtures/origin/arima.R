# Makes Tests/Fixtures/arima.json:  Rscript arima.R FOLDER_OF_COMPETITION_SETS arima.json
suppressMessages({library(forecast); library(jsonlite)})
args <- commandArgs(TRUE)
read_set <- function(name, m, picks) {
  d <- read.csv(gzfile(file.path(args[1], paste0(name, "_train.csv.gz"))))
  ids <- unique(d$unique_id)
  lapply(ids[picks], function(id) list(set = name, id = id, m = m, y = d$y[d$unique_id == id]))
}
series <- c(read_set("m3_yearly", 1, c(3, 40, 90, 150, 210, 270, 330, 390, 450, 510, 570, 640)),
            read_set("m3_quarterly", 4, c(5, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 750)),
            read_set("m3_monthly", 12, c(7, 100, 200, 330, 450, 600, 700, 800, 950, 1100, 1250, 1400)))
regressors <- function(n) cbind(pulse = as.numeric(seq_len(n) == 8), wave = cos(0.7 * seq_len(n)))
h <- 8
one_case <- function(y, m, order, seasonal, constant, xreg = NULL, future = NULL) {
  x <- ts(y, frequency = m)
  nd <- order[2] + seasonal[2]
  if (constant && nd == 1) { xreg <- cbind(drift = seq_along(y), xreg); future <- cbind(length(y) + 1:h, future) }
  call <- function(...) stats::arima(x, order = order, seasonal = list(order = seasonal, period = m), xreg = xreg,
                                     include.mean = constant && nd == 0, ...)
  f <- try(suppressWarnings(call(method = "CSS-ML", optim.control = list(reltol = 1e-13, maxit = 500))), silent = TRUE)
  if (inherits(f, "try-error")) return(NULL)
  f$call$xreg <- xreg
  # The same coefficients on differenced data: without the large but finite variance that arima gives to the start of the level.
  difference <- function(z) {
    if (seasonal[2] > 0) z <- diff(z, lag = m, differences = seasonal[2])
    if (order[2] > 0) diff(z, differences = order[2]) else z
  }
  dx <- ts(difference(y), frequency = m)
  dX <- if (!is.null(xreg)) difference(as.matrix(xreg))
  fixed <- if (anyNA(y) && nd > 0) NULL else try(suppressWarnings(stats::arima(dx, order = c(order[1], 0, order[3]),
    seasonal = list(order = c(seasonal[1], 0, seasonal[3]), period = m), xreg = dX, include.mean = constant && nd == 0,
    method = "ML", fixed = unname(coef(f)), transform.pars = FALSE, SSinit = "Rossignol2011")), silent = TRUE)
  p <- predict(f, n.ahead = h, newxreg = future)
  list(order = order, seasonal = seasonal, constant = constant, xreg = length(coef(f)) - sum(order[-2]) - sum(seasonal[-2]) - (constant && nd <= 1),
       coef = I(unname(coef(f))), sigma2_ml = f$sigma2, loglik = f$loglik, code = f$code,
       loglik_differenced = if (is.null(fixed) || inherits(fixed, "try-error")) NA else fixed$loglik, nobs = f$nobs,
       se = I(suppressWarnings(unname(sqrt(diag(f$var.coef))))), residuals = if (nd == 0) as.numeric(f$residuals),
       mean = as.numeric(p$pred), deviations = as.numeric(p$se))
}
none <- c(0, 0, 0)
result <- lapply(series, function(s) {
  y <- s$y; n <- length(y); m <- s$m
  cases <- list(list(c(0,1,1), none, FALSE), list(c(1,0,0), none, TRUE), list(c(2,1,2), none, TRUE),
                list(c(0,2,1), none, FALSE), list(c(1,1,0), none, FALSE), list(c(2,0,1), none, TRUE))
  if (m > 1) cases <- c(cases[c(1:3, 6)], list(list(c(0,1,1), c(0,1,1), FALSE), list(c(1,1,1), c(1,0,1), FALSE),
                        list(c(1,0,1), c(0,1,1), TRUE), list(c(1,0,0), c(2,1,0), TRUE)))
  fits <- lapply(cases, function(k) one_case(y, m, k[[1]], k[[2]], k[[3]]))
  X <- regressors(n + h)
  past <- X[1:n, ]; future <- X[n + 1:h, ]
  xcases <- list(one_case(y, m, c(1,0,1), none, TRUE, past, future),
                 if (m > 1) one_case(y, m, c(0,1,1), c(0,1,1), FALSE, past, future)
                 else one_case(y, m, c(0,1,1), none, TRUE, past, future))
  gaps <- y; gaps[c(6, 7, n - 3)] <- NA
  missing <- one_case(gaps, m, c(1,0,1), none, TRUE)
  missing2 <- if (m > 1) one_case(gaps, m, c(0,1,1), c(0,1,1), FALSE) else one_case(gaps, m, c(0,1,1), none, FALSE)
  a <- suppressWarnings(auto.arima(ts(y, frequency = m)))
  cat(s$set, s$id, as.character(a), "\n")
  o <- arimaorder(a); if (length(o) < 7) o <- c(o[1:3], 0, 0, 0, 1)
  auto <- list(order = unname(o[1:3]), seasonal = unname(o[4:6]),
               constant = any(c("drift", "intercept") %in% names(coef(a))), aicc = a$aicc, sigma2 = a$sigma2,
               mean = as.numeric(forecast(a, h = h)$mean), ndiffs = ndiffs(ts(y, frequency = m)),
               nsdiffs = if (m > 1 && n > 2 * m) nsdiffs(ts(y, frequency = m)) else 0,
               strength = if (m > 1 && n > 2 * m) forecast:::seas.heuristic(ts(y, frequency = m)) else 0)
  kpss <- urca::ur.kpss(y, type = "mu", use.lag = trunc(3 * sqrt(n) / 13))
  kpss_trend <- urca::ur.kpss(y, type = "tau", use.lag = trunc(3 * sqrt(n) / 13))
  adf <- urca::ur.df(y, type = "drift", lags = 1)
  full <- NULL
  if (m == 1) { b <- suppressWarnings(auto.arima(y, stepwise = FALSE)); q <- arimaorder(b)
    full <- list(order = unname(q[1:3]), constant = any(c("drift", "intercept") %in% names(coef(b))), aicc = b$aicc) }
  list(id = paste(s$set, s$id), m = m, y = y, fits = Filter(Negate(is.null), c(fits, xcases)),
       missing = Filter(Negate(is.null), list(missing, missing2)), auto = auto, full = full,
       kpss = kpss@teststat, kpss_trend = kpss_trend@teststat, adf = unname(adf@teststat[1]))
})
origin <- list(software = "R packages stats, forecast, urca",
  version = paste0(R.version.string, "; forecast ", packageVersion("forecast"), "; urca ", packageVersion("urca")),
  series = "M3 competition (Mcomp 2.8), training parts",
  calls = list(fits = "stats::arima(x, order, seasonal, xreg, method = 'CSS-ML', optim.control = list(reltol = 1e-13, maxit = 500)); constant = mean, or drift as xreg 1..n; xreg: columns (t == 8, cos(0.7 t)); coef in R's order ar, ma, sar, sma, mean or drift, xreg; predict(h = 8)",
    loglik_differenced = "the log-likelihood of the same coefficients and the differenced series and xreg, without differencing in the model, with SSinit = 'Rossignol2011'",
    missing = "observations 6, 7 and n - 3 set to NA",
    auto = "forecast::auto.arima(ts(y, frequency = m)), defaults", full = "auto.arima(y, stepwise = FALSE)",
    kpss = "urca::ur.kpss(y, type mu / tau, use.lag = trunc(3 sqrt(n) / 13))", adf = "urca::ur.df(y, type = 'drift', lags = 1)"))
writeLines(toJSON(list(origin = origin, horizon = h, series = result), auto_unbox = TRUE, digits = I(15), null = "null", na = "null"), args[2])
