/* Netlink, netlink(7): messages and attributes, and what a protocol's kernel side supplies. net/netlink/af_netlink.c has the
 * sockets, attr.c the attributes. */
#ifndef UMK_NET_NETLINK_H
#define UMK_NET_NETLINK_H

#include "sock.h"
#include "string.h"
#include <linux/netlink.h>

/* Since Linux 5.15 and 6.6; Debian 12's headers are older. */
#ifndef NLM_F_BULK
#define NLM_F_BULK 0x200
#endif

struct nla_policy;
/* What is told to a requester that asked for NETLINK_EXT_ACK. */
struct netlink_ext_ack {
	const char *msg;              /* constant text, or NULL */
	const struct nlattr *bad_attr; /* within the request, or NULL */
	const struct nla_policy *policy; /* that it does not obey, or NULL */
	u16 miss_type;                /* an attribute that is missing */
	bool has_miss_type;
};
#define NL_SET_ERR_MSG(extack, text) ((void)((extack) && ((extack)->msg = (text))))
/* Says @why and returns @err. */
static inline int nl_refuse(struct netlink_ext_ack *extack, int err, const char *why)
{
	NL_SET_ERR_MSG(extack, why);
	return err;
}
#define NL_SET_BAD_ATTR(extack, attr) ((void)((extack) && ((extack)->bad_attr = (attr))))
#define NL_SET_ERR_MSG_ATTR(extack, attr, text) do { NL_SET_ERR_MSG(extack, text); NL_SET_BAD_ATTR(extack, attr); } while (0)

/* A request on its way through its protocol. */
struct nl_request {
	struct sock *sk;              /* who asks */
	u32 portid;
	const struct nlmsghdr *nlh;   /* its message: nlmsg_len bytes are there, in kernel memory */
	struct netlink_ext_ack *extack;
	bool to_kernel;               /* sent with an address */
};
/* May the one who asks do what needs @cap? */
bool netlink_capable(const struct nl_request *rq, int cap);

/* A dump on its way: it goes on when the reader has made room. */
struct netlink_callback {
	/* Adds messages to @skb. Above 0: there is more to come; 0 or -errno: done. What does not fit any more ends the round:
	 * the function keeps its place in args. */
	int (*dump)(struct sk_buff *skb, struct netlink_callback *cb);
	struct nlmsghdr *nlh;         /* kmalloc'd copy of the request */
	u32 portid;
	struct sock *sk;
	bool strict_check, split_done; /* split_done: NLMSG_DONE comes in a datagram of its own */
	u32 seq, prev_seq;            /* generation of what is dumped: NLM_F_DUMP_INTR when it changes */
	struct netlink_ext_ack *extack;
	u32 min_dump_alloc;
	long args[6];
	void *data;                   /* the dumper's: kfree'd at the end, or NULL */
	const void *row;              /* the table's row */
};

/* The kernel's side of a protocol. */
struct netlink_kernel {
	int protocol;
	const char *name;
	u32 groups;                   /* multicast groups; 0: 32 */
	bool nonroot_recv, nonroot_send;
	/* A request: 0 or -errno, which is answered by NLMSG_ERROR; -EINTR: nothing is answered. NULL: nobody listens. */
	int (*rcv)(struct nl_request *rq);
	/* May @sk join @group (from 0 on)? NULL: yes. */
	int (*bind)(struct sock *sk, u32 group);
};

/* struct netlink_sock.flags; NETLINK_F_x << 0 is the option's number in that order */
#define NETLINK_F_PKTINFO 1u
#define NETLINK_F_BROADCAST_ERROR 2u
#define NETLINK_F_NO_ENOBUFS 4u
#define NETLINK_F_LISTEN_ALL_NSID 8u
#define NETLINK_F_CAP_ACK 16u
#define NETLINK_F_EXT_ACK 32u
#define NETLINK_F_STRICT_CHK 64u
struct netlink_sock {
	struct sock sk;               /* first */
	u32 portid, dst_portid, dst_group, flags, ngroups;
	bool bound, connected, congested, cb_running;
	u32 subscriptions;            /* groups joined */
	unsigned long *groups;        /* kmalloc'd bitmap of ngroups, or NULL */
	size_t max_recvmsg_len;
	int dump_done_errno;
	struct netlink_callback cb;
	struct wait_queue_head wait;  /* senders that wait for room */
	struct list_head list;        /* all, by age */
	const struct netlink_kernel *kernel;
	u64 inode;                    /* of its file, for /proc */
};
static inline struct netlink_sock *nlk_sk(const struct sock *sk) { return (struct netlink_sock *)sk; }
extern struct list_head netlink_sockets;
extern const struct netlink_kernel *const netlink_kernels[]; /* ends with NULL */
extern const struct netlink_kernel rtnetlink_kernel, sock_diag_kernel, genetlink_kernel;

struct netlink_skb_parms {
	struct ucred creds;
	u32 portid, dst_group;
};
#define NETLINK_CB(skb) (*(struct netlink_skb_parms *)(skb)->cb)

/* Begins a dump for @rq's socket: -EINTR (the answer comes by itself), -EBUSY, -ENOMEM. @init: what differs from zero;
 * its data is the dump's, and freed on failure. */
int netlink_dump_start(struct nl_request *rq, const struct netlink_callback *init);
/* A message for the one who asked: takes over the buffer. 0 or -errno. */
int nlmsg_reply(const struct nl_request *rq, struct sk_buff *skb);
/* To every member of @group but @exclude: takes over the buffer. */
void netlink_broadcast_kernel(int protocol, struct sk_buff *skb, u32 exclude, u32 group);
bool netlink_has_listeners(int protocol, u32 group);

/* ---- messages ---- */
#define NLMSG_DEFAULT_SIZE 3760 /* what Linux's messages have room for: a page less its accounts */
struct sk_buff *nlmsg_new(size_t size);
/* Begins a message; nlmsg_end() sets its length. NULL: no room. */
struct nlmsghdr *nlmsg_put(struct sk_buff *skb, u32 portid, u32 seq, int type, size_t payload, unsigned flags);
static inline void *nlmsg_data(const struct nlmsghdr *nlh) { return (u8 *)nlh + NLMSG_HDRLEN; }
static inline size_t nlmsg_payload(const struct nlmsghdr *nlh) { return nlh->nlmsg_len - NLMSG_HDRLEN; }
static inline void nlmsg_end(struct sk_buff *skb, struct nlmsghdr *nlh) { nlh->nlmsg_len = (u32)(skb->tail - (u8 *)nlh); }
/* Takes back what was added from @mark on. */
static inline void nlmsg_cancel(struct sk_buff *skb, void *mark) { skb_trim(skb, (size_t)((u8 *)mark - skb->data)); }
/* A message of a dump: flags NLM_F_MULTI, and NLM_F_DUMP_INTR when what is dumped has changed meanwhile. */
struct nlmsghdr *nlmsg_put_dump(struct sk_buff *skb, struct netlink_callback *cb, int type, size_t payload, unsigned flags);
/* What says @what: sets the header after @nlh, which is there and zero, and adds attributes. 0 or -EMSGSIZE. */
typedef int (*nlmsg_fill)(struct sk_buff *skb, struct nlmsghdr *nlh, const void *what);
/* A message by itself, in a buffer with room for @room bytes; its header has @hdr. NULL: no memory, or not room enough. */
struct sk_buff *nlmsg_build(size_t room, u32 portid, u32 seq, int type, size_t hdr, unsigned flags, nlmsg_fill fill, const void *what);
/* The same as the answer to @rq: 0 or -ENOBUFS, or what its delivery says. */
int nlmsg_answer(const struct nl_request *rq, size_t room, int type, size_t hdr, nlmsg_fill fill, const void *what);
/* One more message of a dump: 0; -EMSGSIZE: there was no room, and nothing of it is there. */
int nlmsg_dump(struct sk_buff *skb, struct netlink_callback *cb, int type, size_t hdr, unsigned flags, nlmsg_fill fill, const void *what);
/* What a dump then returns. */
static inline int nlmsg_dump_full(const struct sk_buff *skb) { return skb->len ? (int)skb->len : -EMSGSIZE; }

/* ---- attributes ---- */
static inline void *nla_data(const struct nlattr *a) { return (u8 *)a + NLA_HDRLEN; }
static inline int nla_len(const struct nlattr *a) { return a->nla_len - NLA_HDRLEN; }
static inline int nla_type(const struct nlattr *a) { return a->nla_type & NLA_TYPE_MASK; }
static inline u8 nla_get_u8(const struct nlattr *a) { return *(u8 *)nla_data(a); }
static inline u16 nla_get_u16(const struct nlattr *a) { return *(u16 *)nla_data(a); }
static inline u32 nla_get_u32(const struct nlattr *a) { return *(u32 *)nla_data(a); }
static inline struct in6_addr nla_get_in6(const struct nlattr *a)
{
	struct in6_addr v;

	memcpy(&v, nla_data(a), sizeof(v));
	return v;
}
/* An attribute that fits into @left bytes and whose length makes sense. */
static inline bool nla_ok(const struct nlattr *a, size_t left)
{
	return left >= sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= left;
}
static inline const struct nlattr *nla_next(const struct nlattr *a, size_t *left)
{
	size_t step = NLA_ALIGN(a->nla_len);

	if (step > *left)
		step = *left;
	*left -= step;
	return (const struct nlattr *)((const u8 *)a + step);
}
#define nla_for_each(pos, head, size, left)                                                    \
	for (pos = (const struct nlattr *)(head), left = (size); nla_ok(pos, left); pos = nla_next(pos, &(left)))

/* What an attribute of a type must be. len: of U8 ... none; STRING, NUL_STRING: most bytes without the NUL (0: any);
 * BINARY: most bytes (0: any); UNSPEC: least bytes; EXACT: just so many. */
enum nla_kind { NLA_UNSPEC, NLA_U8, NLA_U16, NLA_U32, NLA_U64, NLA_FLAG, NLA_STRING, NLA_NUL_STRING, NLA_BINARY, NLA_NESTED,
	NLA_EXACT, NLA_REJECT, NLA_MIN };
struct nla_policy {
	u8 kind;
	u16 len;
};
/* Sorts the attributes at @head, @size bytes, by type into tb[0..max], the last of a type winning; NULL where there is none.
 * @policy has max + 1 rows, or is NULL. With @strict unknown types, wrong lengths and rests are refused, as Linux does for
 * newer messages. 0, -EINVAL, -ERANGE. Every attribute in tb has the length that its policy asks for. */
int nla_parse(const struct nlattr **tb, int max, const void *head, size_t size, const struct nla_policy *policy, bool strict,
	struct netlink_ext_ack *extack);
/* The same for a message after a header of @hdr bytes: -EINVAL when that is not there. */
int nlmsg_parse(const struct nlmsghdr *nlh, size_t hdr, const struct nlattr **tb, int max, const struct nla_policy *policy,
	bool strict, struct netlink_ext_ack *extack);
static inline int nla_parse_nested(const struct nlattr **tb, int max, const struct nlattr *nest, const struct nla_policy *policy,
	bool strict, struct netlink_ext_ack *extack)
{
	if (strict && !(nest->nla_type & NLA_F_NESTED)) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "NLA_F_NESTED is missing");
		return -EINVAL;
	}
	return nla_parse(tb, max, nla_data(nest), (size_t)nla_len(nest), policy, strict, extack);
}
/* What a policy asks for, as NLMSGERR_ATTR_POLICY tells it: bytes needed, and the attribute (0 or -EMSGSIZE). */
size_t nla_policy_size(const struct nla_policy *p);
int nla_put_policy(struct sk_buff *skb, int type, const struct nla_policy *p);
/* Copies a string attribute, which may lack its NUL, into @size bytes. */
void nla_strscpy(char *to, const struct nlattr *a, size_t size);

/* Adding: 0 or -EMSGSIZE. */
void *nla_reserve(struct sk_buff *skb, int type, size_t size); /* NULL: no room; the data is not set, its padding is */
int nla_put(struct sk_buff *skb, int type, size_t size, const void *data);
static inline int nla_put_u8(struct sk_buff *skb, int type, u8 v) { return nla_put(skb, type, sizeof(v), &v); }
static inline int nla_put_u16(struct sk_buff *skb, int type, u16 v) { return nla_put(skb, type, sizeof(v), &v); }
static inline int nla_put_u32(struct sk_buff *skb, int type, u32 v) { return nla_put(skb, type, sizeof(v), &v); }
static inline int nla_put_u64(struct sk_buff *skb, int type, u64 v) { return nla_put(skb, type, sizeof(v), &v); }
static inline int nla_put_string(struct sk_buff *skb, int type, const char *s) { return nla_put(skb, type, strlen(s) + 1, s); }
static inline int nla_put_in6(struct sk_buff *skb, int type, const struct in6_addr *a) { return nla_put(skb, type, sizeof(*a), a); }
/* A nest of attributes, to be ended or cancelled; NULL: no room. */
struct nlattr *nla_nest_start(struct sk_buff *skb, int type);      /* without NLA_F_NESTED, as the older families */
static inline void nla_nest_end(struct sk_buff *skb, struct nlattr *nest) { nest->nla_len = (u16)(skb->tail - (u8 *)nest); }

#endif
