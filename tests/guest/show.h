/* Helpers of the guest programs: SHOW(call) prints the call's text and its value, or the name of its errno. */
#ifndef SHOW_H
#define SHOW_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

static inline const char *errno_name(int err)
{
	static const struct { int err; const char *name; } names[] = {
#define N(x) { x, #x }
		N(EPERM), N(ENOENT), N(ESRCH), N(EINTR), N(EIO), N(ENXIO), N(E2BIG), N(ENOEXEC), N(EBADF), N(ECHILD),
		N(EAGAIN), N(ENOMEM), N(EACCES), N(EFAULT), N(ENOTBLK), N(EBUSY), N(EEXIST), N(EXDEV), N(ENODEV),
		N(ENOTDIR), N(EISDIR), N(EINVAL), N(ENFILE), N(EMFILE), N(ENOTTY), N(ETXTBSY), N(EFBIG), N(ENOSPC),
		N(ESPIPE), N(EROFS), N(EMLINK), N(EPIPE), N(EDOM), N(ERANGE), N(EDEADLK), N(ENAMETOOLONG), N(ENOLCK),
		N(ENOSYS), N(ENOTEMPTY), N(ELOOP), N(ENODATA), N(ETIME), N(EOVERFLOW), N(EBADFD), N(EPROTO),
		N(ENOTSOCK), N(EDESTADDRREQ), N(EMSGSIZE), N(EPROTOTYPE), N(ENOPROTOOPT), N(EPROTONOSUPPORT),
		N(ESOCKTNOSUPPORT), N(EOPNOTSUPP), N(EAFNOSUPPORT), N(EADDRINUSE), N(EADDRNOTAVAIL), N(ENETUNREACH),
		N(ECONNABORTED), N(ECONNRESET), N(ENOBUFS), N(EISCONN), N(ENOTCONN), N(ETIMEDOUT), N(ECONNREFUSED),
		N(EALREADY), N(EINPROGRESS), N(EOWNERDEAD), N(ENOTRECOVERABLE), N(ECANCELED), N(ESTALE),
#undef N
	};
	static char other[24];

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].err == err)
			return names[i].name;
	snprintf(other, sizeof(other), "errno %d", err);
	return other;
}

static inline long show_value(const char *text, long value, int err)
{
	if (value == -1)
		printf("%s: %s\n", text, errno_name(err));
	else
		printf("%s: %ld\n", text, value);
	fflush(stdout);
	return value;
}
#define SHOW(call) ({ errno = 0; long show_v = (long)(call); show_value(#call, show_v, errno); })
/* Only whether it worked: for values that differ from run to run. */
#define SHOW_OK(call) ({ errno = 0; long show_v = (long)(call); \
	show_value(#call, show_v == -1 ? -1 : 0, errno); show_v; })

#define BAD_PTR ((void *)16) /* never mapped */

#endif
