#include <zlib.h>

// zlib's own names for these are macros, which Swift cannot see.

/// Prepares to inflate gzip data.
static inline int czlib_inflate_gzip_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

/// Prepares to deflate into gzip data.
static inline int czlib_deflate_gzip_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
