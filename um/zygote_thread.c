/* What stubs ask umk about: new threads, and files. A guest can make stub code call clone; only what umk ordered may succeed,
 * or there would be host threads that nobody knows, and that outlive umk. So the host asks umk about clone and about the new
 * thread's first call, prctl(PR_SET_PDEATHSIG), and tells who is asking, which no guest could be believed about. Where another
 * listener has the host's ear, what the stub says is checked as far as it can be, and no stub is given files. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "seccomp.h"
#include "um.h"
#include "zygote_parts.h"

#define REFUSED_MOST 400u
#define SLEEP_MS 5
#define SPIN_NS 400000ull
#define SPIN_LOOKS 200u

static int listener_fd = -1;    /* seccomp's notifications, or -1 */

/* The next question, if there is one within @timeout_ms. */
static bool next_question(struct seccomp_notif *n, int timeout_ms)
{
	static union { struct seccomp_notif n; char room[512]; } buf; /* a newer host's may be longer */
	struct pollfd p = { .fd = listener_fd, .events = POLLIN };

	if (poll(&p, 1, timeout_ms) <= 0 || !(p.revents & POLLIN))
		return false;
	memset(&buf, 0, sizeof(buf));
	if (ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_RECV, &buf))
		return false;
	*n = buf.n;
	return true;
}

static void reply(const struct seccomp_notif *n, int error)
{
	static union { struct seccomp_notif_resp r; char room[512]; } buf;

	buf.r = (struct seccomp_notif_resp){ .id = n->id, .error = error,
		.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE };
	ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_SEND, &buf); /* if it fails the asker is dead */
}

/* A question that nothing ordered has led to: a hostile guest. */
static void refuse(const struct seccomp_notif *n)
{
	if (n->data.nr == SYS_prctl)
		kill((pid_t)n->pid, SIGKILL);
	else
		reply(n, -EPERM);
}

static void strangers_ask(u32 events)
{
	struct seccomp_notif n;

	while (next_question(&n, 0))
		refuse(&n);
}

/* A wait for @asker's question, which is to begin now. */
struct ask {
	u64 since;
	unsigned looks, refused;
	pid_t asker;
	struct stub_wait wait;
};

static struct ask ask_begin(pid_t asker)
{
	return (struct ask){ .since = clock_real(), .asker = asker };
}

/* Has it come? The asker takes some 100 us, and a kernel that sleeps as long again to hear of it: where it has a CPU of its own
 * it looks for some time. */
static bool ask_wait(struct ask *a, struct seccomp_notif *n)
{
	bool look = cpu_no_spin ? a->looks < SPIN_LOOKS : clock_real() - a->since < SPIN_NS;

	a->looks++;
	return next_question(n, look ? 0 : SLEEP_MS);
}

static bool ask_in_time(struct ask *a)
{
	return a->refused < REFUSED_MOST && !stub_pid_overdue(a->asker, &a->wait);
}

/* Another one has come. It counts, or somebody who asks again and again would hold the kernel. */
static void ask_refuse(struct ask *a, const struct seccomp_notif *n)
{
	refuse(n);
	a->refused++;
}

/* A child of umk's that has not ended. */
static bool own_child(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) && !info.si_pid;
}

/* What the creator says its new thread is, which a guest may have forged: it must at least be a child of umk's. 0: it says
 * nothing yet, or a lie; or the host's -errno. */
static pid_t said_by(const struct stub_frame *f)
{
	s64 pid;

	if (__atomic_load_n(&f->state, __ATOMIC_ACQUIRE) != STUB_POSTED)
		return 0;
	pid = READ_ONCE(f->result);
	if (pid < 0 && pid > -MAX_ERRNO)
		return (pid_t)pid;
	return pid > 0 && pid <= 0x7fffffff && own_child((pid_t)pid) ? (pid_t)pid : 0;
}

/* The thread has been made: from when the creator says so it is its turn. */
static void ask_hear(struct ask *a, const struct stub_frame *f)
{
	pid_t pid = said_by(f);

	if (pid <= 0 || pid == a->asker)
		return;
	a->asker = pid;
	a->wait = (struct stub_wait){ 0 };
}

static pid_t no_listener_thread(pid_t creator, const struct stub_frame *f)
{
	struct ask ask = ask_begin(creator);
	pid_t pid;

	while (__atomic_load_n(&f->state, __ATOMIC_ACQUIRE) != STUB_POSTED && ask_in_time(&ask))
		poll(NULL, 0, ask.looks++ < SPIN_LOOKS ? 0 : 1);
	pid = said_by(f);
	return pid ? pid : -EIO;
}

pid_t zygote_new_thread(pid_t creator, const struct stub_frame *f)
{
	struct ask ask = ask_begin(creator);
	struct seccomp_notif n;
	bool cloned = false;

	if (listener_fd < 0)
		return no_listener_thread(creator, f);
	while (ask_in_time(&ask)) {
		if (!ask_wait(&ask, &n)) {
			/* The host may have refused; a result that is forged costs the guest its own new thread. */
			pid_t said = said_by(f);

			if (said < 0)
				return said;
			if (cloned)
				ask_hear(&ask, f);
			continue;
		}
		if (n.data.nr == SYS_clone && !cloned && (pid_t)n.pid == creator) {
			reply(&n, 0);
			cloned = true;
			ask = ask_begin(creator);
		} else if (n.data.nr == SYS_prctl && cloned) {
			reply(&n, 0);
			return (pid_t)n.pid;
		} else {
			ask_refuse(&ask, &n);
		}
	}
	zygote_kill_strangers();
	return -EIO;
}

bool zygote_gives_files(void)
{
	return listener_fd >= 0;
}

int zygote_give_file(pid_t asker, const struct stub_frame *f, int fd, int as)
{
	struct ask ask = ask_begin(asker);
	struct seccomp_notif n;

	while (ask_in_time(&ask)) {
		struct seccomp_notif_addfd add = { .flags = SECCOMP_ADDFD_FLAG_SETFD, .srcfd = (u32)fd, .newfd = (u32)as };
		int err;

		if (!ask_wait(&ask, &n)) {
			if (__atomic_load_n(&f->state, __ATOMIC_ACQUIRE) == STUB_POSTED)
				return -EIO; /* it does not ask */
			continue;
		}
		if (n.data.nr != SYS_dup2 || (pid_t)n.pid != asker || n.data.args[1] != (u64)as) {
			ask_refuse(&ask, &n);
			continue;
		}
		add.id = n.id;
		err = ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -errno : 0;
		reply(&n, err ? err : -EEXIST); /* what it is told does not matter, but the call is not to be made */
		return err;
	}
	return -EIO;
}

void zygote_listen(int fd)
{
	listener_fd = fd;
	if (fd >= 0)
		idle_add_fd(fd, EPOLLIN, strangers_ask);
}
