/* What the tests of net/ share: a current task with guest memory, an empty descriptor table and the socket layer. */
#ifndef UMK_NET_UNIT_H
#define UMK_NET_UNIT_H

#define _SYS_SOCKET_H 1 /* uapi's linux/if.h wants libc's: the kernel's own is meant */
#include "mm_unit.h"
#include "fs.h"
#include "net.h"
#include "net/sock.h"
#include "net/unix/unix.h"
#include "umk_kernel.h"

#define GUEST 0x100000ul /* 64 pages of guest memory */
#define G(off) ((void *)(GUEST + (off)))

static __maybe_unused void net_unit_start(void)
{
	mm_unit_start();
	mm_unit_task.tgid = mm_unit_task.pid = 2;
	mm_unit_cred.cap_effective = ~0ull;
	mm_unit_signal.rlim[7].cur = mm_unit_signal.rlim[7].max = 64; /* RLIMIT_NOFILE */
	vfs_init();
	net_init();
	ck_assert_int_eq(files_init_first(current), 0);
	for (unsigned fd = 0; fd < 3; fd++)
		do_close(fd);
	map_anon(GUEST, 64 * PAGE_SIZE, RW, PRIVATE_ANON | FIXED);
}

/* Nothing of the socket layer is left. */
static __maybe_unused void net_unit_end(void)
{
	ck_assert(list_empty(&unix_sockets));
	ck_assert_uint_eq(unix_tot_inflight, 0);
}

static __maybe_unused void poke(u64 off, const void *data, size_t size)
{
	ck_assert_uint_eq(copy_to_user(G(off), data, size), 0);
}

static __maybe_unused void peek(u64 off, void *data, size_t size)
{
	ck_assert_uint_eq(copy_from_user(data, G(off), size), 0);
}

static __maybe_unused void expect(u64 off, const char *text)
{
	char buf[256];

	peek(off, buf, strlen(text));
	ck_assert_int_eq(memcmp(buf, text, strlen(text)), 0);
}

static __maybe_unused void pair(int type, int *fds)
{
	ck_assert_int_eq(__sys_socketpair(AF_UNIX, type, 0, G(0)), 0);
	peek(0, fds, 2 * sizeof(int));
}

static __maybe_unused struct sock *sock_of(int fd)
{
	int err;
	struct socket *sock = sockfd_lookup(fd, &err);

	ck_assert_ptr_nonnull(sock);
	sockfd_put(sock);
	return sock->sk;
}

#endif
