/* Byte order of the network, and numbers at any alignment. */
#ifndef UMK_BYTEORDER_H
#define UMK_BYTEORDER_H

#include "types.h"
#include <linux/types.h>

#define htons(x) ((__be16)__builtin_bswap16((u16)(x)))
#define ntohs(x) ((u16)__builtin_bswap16((u16)(x)))
#define htonl(x) ((__be32)__builtin_bswap32((u32)(x)))
#define ntohl(x) ((u32)__builtin_bswap32((u32)(x)))

struct unaligned16 { u16 v; } __packed;
struct unaligned32 { u32 v; } __packed;
struct unaligned64 { u64 v; } __packed;
static inline u16 get_unaligned16(const void *p) { return ((const struct unaligned16 *)p)->v; }
static inline u32 get_unaligned32(const void *p) { return ((const struct unaligned32 *)p)->v; }
static inline u64 get_unaligned64(const void *p) { return ((const struct unaligned64 *)p)->v; }
static inline void put_unaligned16(u16 v, void *p) { ((struct unaligned16 *)p)->v = v; }
static inline void put_unaligned32(u32 v, void *p) { ((struct unaligned32 *)p)->v = v; }
static inline u16 get_unaligned_be16(const void *p) { return ntohs(get_unaligned16(p)); }
static inline u32 get_unaligned_be32(const void *p) { return ntohl(get_unaligned32(p)); }
static inline void put_unaligned_be16(u16 v, void *p) { put_unaligned16(htons(v), p); }
static inline void put_unaligned_be32(u32 v, void *p) { put_unaligned32(htonl(v), p); }

#endif
