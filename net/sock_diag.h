/* sock_diag(7): which family answers what (net/core/sock_diag.c). */
#ifndef UMK_NET_SOCK_DIAG_H
#define UMK_NET_SOCK_DIAG_H

#include "netlink.h"
#include <linux/sock_diag.h>
#include <linux/inet_diag.h>

/* SOCK_DIAG_BY_FAMILY of a family: a question about one socket, or a dump. */
int inet_diag_cmd(struct nl_request *rq);
int unix_diag_cmd(struct nl_request *rq);
int netlink_diag_cmd(struct nl_request *rq);

/* SOCK_COOKIE of a socket in two halves, and whether a guest's two halves name it (all ones: any). */
void sock_diag_save_cookie(struct sock *sk, u32 *cookie);
bool sock_diag_cookie_ok(struct sock *sk, const u32 *cookie);
int sock_diag_put_meminfo(struct sk_buff *skb, int type, const struct sock *sk);

/* A filter that a guest sent (net/ipv4/inet_diag_bc.c). */
int inet_diag_bc_audit(const struct nlattr *attr); /* 0 or -EINVAL; -EPERM: it asks for what only an administrator may know */
struct inet_diag_entry {
	const void *saddr, *daddr;
	u16 family, sport, dport, ifindex, userlocks;
	u32 mark;
};
bool inet_diag_bc_run(const struct nlattr *bc, const struct inet_diag_entry *e);

#endif
