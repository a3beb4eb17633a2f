# Makes ets.json: R's ets on competition series. Rscript ets.R FOLDER_WITH_TRAIN_FILES > ets.json
suppressWarnings(suppressPackageStartupMessages({library(forecast); library(jsonlite)}))
folder <- commandArgs(TRUE)[1]
sets <- list(list("m1_yearly", 1, 5), list("m3_yearly", 1, 6), list("m4_yearly_dev", 1, 5), list("m1_quarterly", 4, 3),
             list("m3_quarterly", 4, 4), list("m4_quarterly_dev", 4, 3), list("m1_monthly", 12, 2), list("m3_monthly", 12, 4),
             list("au_tourism_quarterly", 4, 2))
one <- function(y, short) {
  fit <- try(suppressWarnings(ets(y, model=sub("d", "", short), damped=grepl("d", short))), silent=TRUE)
  if (!inherits(fit, "ets")) return(NULL)
  f <- forecast(fit, h=8, level=c(80, 95)); p <- as.list(fit$par); n <- length(y)
  list(form=short, alpha=p$alpha, beta=p$beta, gamma=p$gamma, phi=p$phi, initial=I(unname(fit$initstate)),
       last=I(unname(as.numeric(fit$states[n + 1, ]))), loglik=fit$loglik, aicc=fit$aicc, sigma2=fit$sigma2,
       mean=as.numeric(f$mean), upper80=as.numeric(f$upper[, 1]), upper95=as.numeric(f$upper[, 2]))
}
out <- list()
for (s in sets) {
  d <- read.csv(gzfile(file.path(folder, paste0(s[[1]], "_train.csv.gz"))), colClasses=c("character", "numeric", "numeric"))
  ids <- unique(d$unique_id); ids <- ids[round(seq(2, length(ids) - 1, length.out=s[[3]]))]
  for (id in ids) {
    y <- ts(d$y[d$unique_id == id], frequency=s[[2]])
    forms <- c("ANN", "AAN", "AAdN", "MNN", "MAN", "MAdN")
    if (s[[2]] > 1) forms <- c(forms, "ANA", "AAA", "MNA", "MNM", "MAM", if (s[[2]] == 4) "MAdM")
    fits <- Filter(Negate(is.null), lapply(forms, function(f) one(y, f)))
    z <- suppressWarnings(ets(y))
    best <- if (inherits(z, "ets")) list(form=paste0(z$components[1], z$components[2], if (z$components[4] == "TRUE") "d", z$components[3]), aicc=z$aicc) else NULL
    out[[length(out) + 1]] <- list(id=paste(s[[1]], id), period=s[[2]], y=as.numeric(y), fits=fits, selected=best)
  }
}
cat(toJSON(list(origin=paste("R forecast", packageVersion("forecast"), "ets; series as named; initial and last: level, trend, season with the next one last"), series=out),
           auto_unbox=TRUE, digits=NA, null="null", na="null"))
