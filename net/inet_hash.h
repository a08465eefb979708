/* Lookup tables of connected protocols: local ports (bind hash), connections (established hash), listeners. Full sockets,
 * request sockets and TIME-WAIT sockets lie in the established table as struct sock_common. */
#ifndef UMK_NET_INET_HASH_H
#define UMK_NET_INET_HASH_H

#include "inet.h"

/* A local port in use, with whoever uses it: freed with the last of them. */
struct inet_bind_bucket {
	u16 port;
	s8 fastreuse, fastreuseport;   /* may the next bind do without a look at each owner? -1: made by a connect */
	u32 fastuid;
	struct in6_addr fast_v6_rcv_saddr;
	__be32 fast_rcv_saddr;
	u16 fast_sk_family;
	bool fast_ipv6_only;
	struct hlist_head owners;      /* sk_bind_node of sock_common */
};
struct inet_hashinfo {
	struct hlist_head *ehash;      /* sk_node of sock_common */
	u32 ehash_mask, ehash_count;
	struct inet_bind_bucket **bhash; /* by port */
	struct hlist_head *lhash2;     /* sk_node of listeners, by address and port */
	u32 lhash2_mask, lhash2_count;
};
extern struct inet_hashinfo tcp_hashinfo;
void inet_hashinfo_init(void);
void inet_hashinfo_exit(void);
/* For inet_hash.c and inet_port.c alone. */
void inet_ports_init(void);
void inet_ports_exit(void);
void inet_ehash_add(struct sock *sk); /* by sk_hash */
/* Another entry with @sk's four numbers, which @hash is of; NULL: none. */
struct sock *inet_ehash_find_twin(const struct sock *sk, u32 hash, u16 lport);

/* What sockets that these tables hold begin with: struct inet_connection_sock has the same two members first. */
struct inet_bound_sock {
	struct inet_sock inet;
	struct inet_bind_bucket *bind_hash; /* NULL: no port yet */
};
static inline struct inet_bind_bucket **inet_bind_hash_of(const struct sock *sk)
{
	return &((struct inet_bound_sock *)sk)->bind_hash;
}
u32 ipv4_portaddr_hash(__be32 addr, u16 port);
u32 ipv6_portaddr_hash(const struct in6_addr *addr, u16 port);
/* Where @sk belongs in the established table. */
u32 sk_ehashfn(const struct sock *sk);

/* ---- ports ---- */
/* proto.get_port: binds @sk to @port or any (0). 0 or -EADDRINUSE (1 in Linux). */
int inet_csk_get_port(struct sock *sk, u16 port);
/* proto.put_port. */
void inet_put_port(struct sock *sk);
/* A connection from a listener shares its port. 0 or -ENOMEM. */
int __inet_inherit_port(const struct sock *sk, struct sock *child);
/* @sk joins a bucket, e.g. a TIME-WAIT socket in place of the full one. */
void inet_bind_bucket_get(struct inet_bind_bucket *tb, struct hlist_node *bind_node);
void inet_bind_bucket_put(struct inet_bind_bucket *tb, struct hlist_node *bind_node);
/* Chooses a local port for a connection and enters it into the established table. 0, -EADDRNOTAVAIL, -ENOMEM.
 * @port_offset: a secret of the destination (secure_ipv4_port_ephemeral). */
int inet_hash_connect(struct sock *sk, u64 port_offset);
int inet6_hash_connect(struct sock *sk, u64 port_offset);

/* ---- connections ---- */
/* Enters @sk; with @osk, which it replaces, that is removed first (false: it was gone already). With @found_dup, a
 * connection with the same four numbers is looked for first (true: it is there and @sk was not entered). */
bool inet_ehash_insert(struct sock *sk, struct sock *osk, bool *found_dup);
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, bool *found_dup);
/* proto.hash and unhash: a listener into its table, anything else into the established one. */
int inet_hash(struct sock *sk);
void inet_unhash(struct sock *sk);
/* With a reference, or NULL. It may be a request or TIME-WAIT socket (sk_state). */
struct sock *__inet_lookup_established(__be32 saddr, __be16 sport, __be32 daddr, u16 hnum, int dif);
struct sock *__inet6_lookup_established(const struct in6_addr *saddr, __be16 sport,
	const struct in6_addr *daddr, u16 hnum, int dif);
/* Without a reference, or NULL. @skb and @doff are for the program of a reuseport group. */
struct sock *__inet_lookup_listener(struct sk_buff *skb, int doff, __be32 saddr, __be16 sport,
	__be32 daddr, u16 hnum, int dif);
struct sock *inet6_lookup_listener(struct sk_buff *skb, int doff, const struct in6_addr *saddr,
	__be16 sport, const struct in6_addr *daddr, u16 hnum, int dif);
/* Does a TIME-WAIT socket that stands in the way give way to a new connection of @sk? (tcp's tcp_twsk_unique) */
extern int (*inet_twsk_unique)(struct sock *sk, struct sock *sktw);
/* It gave way. (tcp's inet_twsk_deschedule_put, inet_twsk_bind_unhash) */
extern void (*inet_twsk_kill)(struct sock *sktw);

#endif
