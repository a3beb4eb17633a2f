# Writes shrunk_correlations.json: R 4.2.2, corpcor 1.6.10.
# Rscript shrunk_correlations.R > ../shrunk_correlations.json
library(corpcor)
x <- matrix(c(
   0.5,  1.2, -0.3,  0.9,
  -1.1, -0.4,  0.8, -0.2,
   0.3,  0.9, -1.5,  1.4,
   2.0,  1.1,  0.2, -0.6,
  -0.7, -1.6,  1.0,  0.1,
   0.1, -0.2, -0.9,  0.7,
   1.4,  0.6,  0.4, -1.3,
  -1.9, -1.0, -0.1,  0.6), ncol = 4, byrow = TRUE)
number <- function(v) paste0("[", paste(format(v, digits = 17, trim = TRUE), collapse = ", "), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, number), collapse = ",\n    "), "]")
sink(stderr()); lambda <- estimate.lambda(x, verbose = FALSE)
shrunk <- matrix(as.numeric(unclass(cor.shrink(x, lambda = lambda, verbose = FALSE))), ncol = 4); sink()
cat("{\n  \"origin\": \"R 4.2.2, corpcor 1.6.10: estimate.lambda and cor.shrink; origin/shrunk_correlations.R\",\n")
cat("  \"columns\": ", rows(t(x)), ",\n", sep = "")
cat("  \"intensity\": ", format(lambda, digits = 17), ",\n", sep = "")
cat("  \"correlations\": ", rows(cor(x)), ",\n", sep = "")
cat("  \"shrunk\": ", rows(shrunk), "\n}\n", sep = "")
