/* What calls.c and message.c share: a call under way, and arguments from expressions. */
#ifndef PD_CALLS_H
#define PD_CALLS_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "pd.h"

struct call {
	const struct call_spec *spec;
	int line;
	bool makes_fd;       /* the result is a descriptor */
	int64_t deadline;    /* us: when a call that blocks is to end */
	int64_t ended;       /* us */
};

/* The live number of the script's descriptor @e. */
int fd_of(const struct expr *e);
const struct expr *field(const struct expr *e, const char *name);
int64_t field_number(const struct expr *e, const char *name, int64_t otherwise);
/* ... is the script's default: the remote end's address, or the local one's. The address's size. */
socklen_t address_of(const struct expr *e, struct sockaddr_storage *ss, bool remote);
void *data_of(const struct expr *e, size_t size);
int iovec_of(const struct expr *e, struct iovec *iov, int most);

long do_sendmsg(struct call *c);
long do_recvmsg(struct call *c);

#endif
