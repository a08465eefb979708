/* What mq_notify(2) puts into a netlink socket of the guest's: it needs neither a message header nor a port id. */
#include "af_netlink.h"
#include "kerrno.h"
#include "netlink_note.h"
#include "sched.h"
#include "slab.h"

struct netlink_note {
	struct sock *sk;     /* a reference */
	struct sk_buff *skb; /* charged to it */
};

/* Waits for room in the socket @fd, and charges it. */
static int attach(struct netlink_note *note, int fd)
{
	int err = 0;

	for (;;) {
		struct socket *sock = sockfd_lookup(fd, &err);
		struct sock *sk = sock ? sock->sk : NULL;

		if (!sock)
			return err;
		if (sk && sk->sk_family == AF_NETLINK)
			sock_hold(sk);
		else
			sk = NULL;
		sockfd_put(sock);
		if (!sk)
			return -EINVAL;
		if (netlink_charge(nlk_sk(sk), note->skb)) {
			note->sk = sk;
			return 0;
		}
		err = netlink_wait_room(nlk_sk(sk), note->skb, KTIME_MAX);
		sock_put(sk);
		if (err)
			return err;
	}
}

struct netlink_note *netlink_note_new(int fd, const void *bytes, size_t size)
{
	struct netlink_note *note = kzalloc(sizeof(*note));
	int err = -ENOMEM;

	if (!note)
		return ERR_PTR(err);
	note->skb = nlmsg_new(size);
	if (note->skb) {
		memcpy(skb_put(note->skb, size), bytes, size);
		err = attach(note, fd);
	}
	if (!err)
		return note;
	netlink_note_drop(note);
	return ERR_PTR(err);
}

void netlink_note_send(struct netlink_note *note, u8 code)
{
	note->skb->tail[-1] = code;
	if (!sock_flag(note->sk, SOCK_DEAD)) {
		netlink_deliver(nlk_sk(note->sk), note->skb);
		note->skb = NULL;
	}
	netlink_note_drop(note);
}

void netlink_note_drop(struct netlink_note *note)
{
	if (!note)
		return;
	kfree_skb(note->skb);
	if (note->sk)
		sock_put(note->sk);
	kfree(note);
}
