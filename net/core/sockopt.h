/* Rows of SOL_SOCKET's options: sockopt.c has most of them. */
#ifndef UMK_NET_CORE_SOCKOPT_H
#define UMK_NET_CORE_SOCKOPT_H

#include "../sock.h"
#include <linux/filter.h>
#include <linux/net_tstamp.h>

/* What a getter fills: up to a struct linger, timeval or ucred; lists write to the guest themselves. */
union sock_optval {
	int val;
	u64 val64;
	struct { u32 flags; int bind_phc; } timestamping;
	struct sock_txtime txtime;
	struct sock_fprog fprog;
	struct linger ling;
	struct ucred cred;
	struct { s64 sec, usec; } tv;
	u32 meminfo[9];
};

/* A row of the table. get returns the value's size or -errno; set gets at least min_len bytes in @v. */
struct sock_option {
	int name;
	u8 min_len;  /* bytes that setsockopt needs; fewer: EINVAL */
	int (*get)(struct socket *sock, union sock_optval *v);  /* NULL: ENOPROTOOPT */
	int (*set)(struct socket *sock, union sock_optval *v);  /* NULL: ENOPROTOOPT */
	bool exact;  /* setsockopt wants min_len, no more and no less */
};
/* Tables of other files; they end with a row of zeroes. */
extern const struct sock_option stamp_options[], peer_options[];
/* .set of what can only be read: ENOPROTOOPT, whatever the length. */
int sock_set_read_only(struct socket *sock, union sock_optval *v);
/* sockopt_peer.c: these write to the guest themselves. */
int sock_get_peergroups(struct sock *sk, void __user *val, int __user *ulen, int len);
int sock_get_peerpidfd(struct sock *sk, void __user *val, int __user *ulen, int len);
int sock_get_peername(struct socket *sock, void __user *val, int __user *ulen, int len);

#define GET_INT(fn, expr) \
	static int fn(struct socket *sock, union sock_optval *v) \
	{ struct sock *sk __maybe_unused = sock->sk; v->val = (expr); return sizeof(int); }
#define SET_FLAG(fn, flag) \
	static int fn(struct socket *sock, union sock_optval *v) \
	{ sock_set_flag(sock->sk, flag, v->val != 0); return 0; }

#endif
