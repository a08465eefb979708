/* NETLINK_SOCK_DIAG, sock_diag(7): questions about sockets go to their family. */
#include "../netlink.h"
#include "kerrno.h"
#include "ledger.h"
#include <linux/sock_diag.h>

static int sock_diag_rcv(struct nl_request *rq)
{
	LEDGER("sock_diag message", rq->nlh->nlmsg_type);
	return -EINVAL;
}

const struct netlink_kernel sock_diag_kernel = { .protocol = NETLINK_SOCK_DIAG, .name = "sock_diag", .groups = SKNLGRP_MAX,
	.nonroot_recv = true, .rcv = sock_diag_rcv };
