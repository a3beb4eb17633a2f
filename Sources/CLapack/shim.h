// LAPACKE and CBLAS as Swift sees them. `lapack_complex_*` are defined as plain structs so that Swift can import the header.
#ifndef THANHHOA_CLAPACK_SHIM_H
#define THANHHOA_CLAPACK_SHIM_H
#define LAPACK_COMPLEX_CUSTOM
typedef struct { float re, im; } thanhhoa_complex_float;
typedef struct { double re, im; } thanhhoa_complex_double;
#define lapack_complex_float thanhhoa_complex_float
#define lapack_complex_double thanhhoa_complex_double
#include <lapacke.h>
#include <cblas.h>
// Present in OpenBLAS; the toolkit links OpenBLAS by name.
void openblas_set_num_threads(int threads);
char *openblas_get_corename(void);
char *openblas_get_config(void);
#endif
