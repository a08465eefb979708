/* Linux's asynchronous I/O: io_submit(2) and its kin. As on Linux with buffered files, reads and writes are done while they
 * are submitted; what really waits is IOCB_CMD_POLL. Completions lie in a ring that the guest has mapped and that libaio
 * looks into without a call, so they are written there at once, by way of the ring's frames. Requests that wait are
 * cancelled when their context ends. */
#include "internal.h"
#include "aio.h"
#include "ledger.h"
#include "syscalls.h"
#include "sysctl.h"
#include "umk_kernel.h"
#include <linux/aio_abi.h>
#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <linux/mman.h>

#define S64_MAX ((s64)(~0ull >> 1))
#define RING_MAGIC 0xa10a10a1u
#define KIOCB_KEY 0

struct aio_ring {
	u32 id, nr;     /* nr: events */
	u32 head, tail; /* the guest may move head */
	u32 magic, compat_features, incompat_features, header_length;
};
BUILD_BUG_ON(sizeof(struct aio_ring) != 32);

struct kioctx {
	struct list_head node;         /* contexts */
	struct mm *mm;                 /* no reference: it takes its contexts along */
	u64 id;                        /* where the ring is mapped */
	u32 max_reqs;                  /* as asked for: counted in aio_nr */
	u32 nr_events;                 /* that the ring holds */
	u32 nr_pages;
	u32 tail;                      /* ours; the ring's is for the guest to see */
	u32 active;                    /* requests that have not completed */
	bool dead;
	u32 users;                     /* calls that are inside */
	struct list_head polls;        /* aio_poll.node */
	struct list_head done;         /* those that have completed: see poll_complete() */
	struct wait_queue_head wait;
	struct page *pages[];          /* references */
};
struct aio_poll_link {
	struct wait_entry wait;
	struct aio_poll *req;
	struct aio_poll_link *next;
};
/* An IOCB_CMD_POLL that waits. */
struct aio_poll {
	struct list_head node;
	struct kioctx *ctx;
	struct file *file;             /* reference */
	struct file *eventfd;          /* reference, or NULL */
	u64 uiocb, data;
	u32 events;
	struct aio_poll_link *links;
};
struct aio_table {
	struct poll_table pt;
	struct aio_poll *req;
	bool queued, failed;
};

static LIST_HEAD(contexts);
static u64 aio_nr, aio_max_nr = 65536;

static const struct ctl_table aio_sysctl[] = {
	{ "fs/aio-max-nr", 0644, SYSCTL_U64(aio_max_nr, 0, S64_MAX) },
	{ "fs/aio-nr", 0444, SYSCTL_U64(aio_nr, 0, 0) },
	{ 0 }
};

void aio_init(void)
{
	sysctl_register(aio_sysctl);
}

/* ---- the ring ---- */

static struct aio_ring *ring_of(const struct kioctx *ctx)
{
	return page_address(ctx->pages[0]);
}

static struct io_event *event_at(const struct kioctx *ctx, u32 i)
{
	u64 off = sizeof(struct aio_ring) + (u64)i * sizeof(struct io_event);

	return (struct io_event *)((u8 *)page_address(ctx->pages[off / PAGE_SIZE]) + off % PAGE_SIZE);
}

static u32 ring_head(const struct kioctx *ctx)
{
	return READ_ONCE(ring_of(ctx)->head) % ctx->nr_events;
}

static u32 ring_count(const struct kioctx *ctx)
{
	return (ctx->tail + ctx->nr_events - ring_head(ctx)) % ctx->nr_events;
}

static void complete_event(struct kioctx *ctx, u64 uiocb, u64 data, s64 res, struct file *eventfd)
{
	struct io_event *e = event_at(ctx, ctx->tail);

	*e = (struct io_event){ .data = data, .obj = uiocb, .res = res };
	ctx->tail = (ctx->tail + 1) % ctx->nr_events;
	WRITE_ONCE(ring_of(ctx)->tail, ctx->tail);
	if (eventfd)
		eventfd_signal(eventfd, 1);
	wake_up_all(&ctx->wait);
}

/* ---- contexts ---- */

static struct kioctx *ctx_find(u64 id)
{
	struct kioctx *ctx;

	list_for_each_entry(ctx, &contexts, node)
		if (ctx->id == id && ctx->mm == current->mm && !ctx->dead) {
			ctx->users++;
			return ctx;
		}
	return NULL;
}

static void poll_leave_queues(struct aio_poll *req)
{
	while (req->links) {
		struct aio_poll_link *l = req->links;

		req->links = l->next;
		remove_wait_queue(&l->wait);
		kfree(l);
	}
}

static void poll_free(struct aio_poll *req)
{
	poll_leave_queues(req);
	list_del(&req->node);
	file_put(req->eventfd);
	file_put(req->file);
	kfree(req);
}

/* Called by who wakes the file, too, in the midst of its work: the references are given up later. */
static void poll_complete(struct aio_poll *req, u32 mask)
{
	struct kioctx *ctx = req->ctx;

	ctx->active--;
	poll_leave_queues(req);
	list_move_tail(&req->node, &ctx->done);
	complete_event(ctx, req->uiocb, req->data, mask, req->eventfd);
}

static void polls_sweep(struct kioctx *ctx)
{
	while (!list_empty(&ctx->done))
		poll_free(list_first_entry(&ctx->done, struct aio_poll, node));
}

static void ctx_free(struct kioctx *ctx)
{
	list_del(&ctx->node);
	for (u32 i = 0; i < ctx->nr_pages; i++)
		if (ctx->pages[i])
			page_put(ctx->pages[i]);
	aio_nr -= ctx->max_reqs;
	kfree(ctx);
}

static void ctx_put(struct kioctx *ctx)
{
	polls_sweep(ctx);
	if (--ctx->users == 0 && ctx->dead)
		ctx_free(ctx);
}

/* Ends a context for everybody; freed when the last call has left. */
static void ctx_kill(struct kioctx *ctx)
{
	ctx->dead = true;
	while (!list_empty(&ctx->polls))
		poll_complete(list_first_entry(&ctx->polls, struct aio_poll, node), 0);
	polls_sweep(ctx);
	wake_up_all(&ctx->wait);
}

void aio_exit_mm(struct mm *mm)
{
	struct kioctx *ctx, *n;

	list_for_each_entry_safe(ctx, n, &contexts, node) {
		if (ctx->mm != mm)
			continue;
		ctx_kill(ctx);
		if (!ctx->users)
			ctx_free(ctx);
	}
}

/* Maps the ring and fills it in. */
static int ctx_map(struct kioctx *ctx)
{
	long at = do_mmap(current->mm, NULL, 0, ctx->nr_pages * PAGE_SIZE, VM_READ | VM_WRITE, MAP_SHARED | MAP_ANONYMOUS, 0);

	if (IS_ERR_VALUE(at))
		return -ENOMEM;
	ctx->id = (u64)at;
	for (u32 i = 0; i < ctx->nr_pages; i++) {
		struct page *p = get_user_page(current->mm, ctx->id + i * PAGE_SIZE, true);

		if (IS_ERR(p)) {
			(void)do_munmap(current->mm, ctx->id, ctx->nr_pages * PAGE_SIZE);
			return -ENOMEM;
		}
		ctx->pages[i] = p;
	}
	*ring_of(ctx) = (struct aio_ring){ .nr = ctx->nr_events, .magic = RING_MAGIC, .compat_features = 1,
		.header_length = sizeof(struct aio_ring) };
	return 0;
}

SYSCALL_DEFINE2(io_setup, unsigned, nr_events, u64 __user *, ctxp)
{
	u64 id, events = max((u64)nr_events, (u64)host_info.cpus * 4) * 2, pages;
	struct kioctx *ctx;
	int err;

	if (get_user(id, ctxp))
		return -EFAULT;
	if (id || !nr_events)
		return -EINVAL;
	if (events > 0x10000000u / sizeof(struct io_event))
		return -EINVAL;
	if (nr_events > aio_max_nr || aio_nr + nr_events > aio_max_nr)
		return -EAGAIN;
	pages = (sizeof(struct aio_ring) + (events + 2) * sizeof(struct io_event) + PAGE_SIZE - 1) / PAGE_SIZE;
	ctx = kzalloc(sizeof(*ctx) + pages * sizeof(struct page *));
	if (!ctx)
		return -ENOMEM;
	ctx->mm = current->mm;
	ctx->nr_pages = (u32)pages;
	ctx->nr_events = (u32)((pages * PAGE_SIZE - sizeof(struct aio_ring)) / sizeof(struct io_event));
	ctx->max_reqs = nr_events;
	ctx->users = 1;
	INIT_LIST_HEAD(&ctx->polls);
	INIT_LIST_HEAD(&ctx->done);
	init_waitqueue_head(&ctx->wait);
	list_add(&ctx->node, &contexts);
	aio_nr += nr_events;
	err = ctx_map(ctx);
	if (!err && put_user(ctx->id, ctxp)) {
		(void)do_munmap(current->mm, ctx->id, ctx->nr_pages * PAGE_SIZE);
		err = -EFAULT;
	}
	ctx->dead = ctx->dead || err;
	ctx_put(ctx);
	return err;
}

SYSCALL_DEFINE1(io_destroy, u64, id)
{
	struct kioctx *ctx = ctx_find(id);

	if (!ctx)
		return -EINVAL;
	ctx_kill(ctx);
	(void)do_munmap(current->mm, ctx->id, ctx->nr_pages * PAGE_SIZE);
	ctx_put(ctx);
	return 0;
}

/* ---- IOCB_CMD_POLL ---- */

static bool aio_poll_wake(struct wait_entry *e, u32 key)
{
	struct aio_poll *req = container_of(e, struct aio_poll_link, wait)->req;
	u32 mask;

	if (key && !(key & req->events))
		return false;
	mask = vfs_poll(req->file, NULL);
	if (!(mask & req->events))
		return false;
	poll_complete(req, mask & (key ? key : req->events)); /* all that it was woken for, as there */
	return true;
}

static void aio_poll_queue(struct poll_table *pt, struct wait_queue_head *q)
{
	struct aio_table *t = container_of(pt, struct aio_table, pt);
	struct aio_poll_link *l = kmalloc(sizeof(*l));

	t->queued = true;
	if (!l) {
		t->failed = true;
		return;
	}
	init_wait(&l->wait);
	l->wait.func = aio_poll_wake;
	l->req = t->req;
	l->next = t->req->links;
	t->req->links = l;
	add_wait_queue(q, &l->wait);
}

static long submit_poll(struct kioctx *ctx, const struct iocb *cb, u64 uiocb, struct file *f, struct file *eventfd)
{
	struct aio_table t = { .pt.queue = aio_poll_queue };
	struct aio_poll *req;
	u32 mask;

	if ((u16)cb->aio_buf != cb->aio_buf || cb->aio_offset || cb->aio_nbytes || cb->aio_rw_flags)
		return -EINVAL;
	req = kzalloc(sizeof(*req));
	if (!req)
		return -EAGAIN;
	*req = (struct aio_poll){ .ctx = ctx, .file = file_get(f), .eventfd = eventfd ? file_get(eventfd) : NULL, .uiocb = uiocb,
		.data = cb->aio_data, .events = (u32)cb->aio_buf | EPOLLERR | EPOLLHUP };
	list_add_tail(&req->node, &ctx->polls);
	t.req = req;
	t.pt.key = req->events;
	ctx->active++;
	mask = vfs_poll(f, &t.pt) & req->events;
	if (mask) {
		poll_complete(req, mask);
		return 0;
	}
	if (t.queued && !t.failed)
		return 0;
	ctx->active--;
	poll_free(req);
	return t.failed ? -ENOMEM : -EINVAL;
}

/* ---- reads, writes, syncs ---- */

static long rw_import(const struct iocb *cb, bool vectored, struct iovec *fast, struct iovec **to_free, struct iov_iter *it)
{
	ssize_t n;

	*to_free = NULL;
	if (vectored) {
		n = import_iovec(u64_to_uptr(cb->aio_buf), (unsigned)min(cb->aio_nbytes, (u64)UIO_MAXIOV + 1), fast, to_free, it);
		return n < 0 ? n : 0;
	}
	if (cb->aio_buf + cb->aio_nbytes > trap_layout.task_size || cb->aio_buf + cb->aio_nbytes < cb->aio_buf)
		return -EFAULT;
	iov_iter_ubuf(it, u64_to_uptr(cb->aio_buf), min(cb->aio_nbytes, (u64)MAX_RW_COUNT));
	return 0;
}

static long submit_rw(struct kioctx *ctx, const struct iocb *cb, u64 uiocb, struct file *f, struct file *eventfd)
{
	bool write = cb->aio_lio_opcode == IOCB_CMD_PWRITE || cb->aio_lio_opcode == IOCB_CMD_PWRITEV;
	bool vectored = cb->aio_lio_opcode == IOCB_CMD_PREADV || cb->aio_lio_opcode == IOCB_CMD_PWRITEV;
	int acc = f->flags & O_ACCMODE;
	struct iovec fast[UIO_FASTIOV], *to_free;
	struct iov_iter it;
	u64 pos = (u64)cb->aio_offset;
	long n;

	n = rw_flags_check(f, (int)cb->aio_rw_flags);
	if (n < 0)
		return n;
	if (acc == (write ? O_RDONLY : O_WRONLY))
		return -EBADF;
	if (!(write ? f->ops->write : f->ops->read))
		return -EINVAL;
	n = rw_import(cb, vectored, fast, &to_free, &it);
	if (!n && cb->aio_offset < 0 && f->ops->llseek && (S_ISREG(f->inode->mode) || S_ISBLK(f->inode->mode)))
		n = -EINVAL;
	if (n) {
		kfree(to_free);
		return n;
	}
	ctx->active++;
	if (cb->aio_rw_flags & ~RWF_HIPRI)
		n = rw_flagged(f, &it, (const loff_t *)&cb->aio_offset, (int)cb->aio_rw_flags, write);
	else
		n = write ? vfs_write(f, &it, &pos) : vfs_read(f, &it, &pos);
	kfree(to_free);
	ctx->active--;
	/* There is nobody who could restart it. */
	if (n == -ERESTARTSYS || n == -ERESTARTNOINTR || n == -ERESTARTNOHAND || n == -ERESTART_RESTARTBLOCK)
		n = -EINTR;
	complete_event(ctx, uiocb, cb->aio_data, n, eventfd);
	return 0;
}

static long submit_fsync(struct kioctx *ctx, const struct iocb *cb, u64 uiocb, struct file *f, struct file *eventfd)
{
	long err;

	if (cb->aio_buf || cb->aio_offset || cb->aio_nbytes || cb->aio_rw_flags)
		return -EINVAL;
	if (!f->ops->fsync)
		return -EINVAL;
	ctx->active++;
	err = f->ops->fsync(f, cb->aio_lio_opcode == IOCB_CMD_FDSYNC);
	ctx->active--;
	complete_event(ctx, uiocb, cb->aio_data, err, eventfd);
	return 0;
}

/* ---- io_submit ---- */

static long dispatch(struct kioctx *ctx, const struct iocb *cb, u64 uiocb, struct file *f, struct file *eventfd)
{
	switch (cb->aio_lio_opcode) {
	case IOCB_CMD_PREAD:
	case IOCB_CMD_PWRITE:
	case IOCB_CMD_PREADV:
	case IOCB_CMD_PWRITEV:
		return submit_rw(ctx, cb, uiocb, f, eventfd);
	case IOCB_CMD_FSYNC:
	case IOCB_CMD_FDSYNC:
		return submit_fsync(ctx, cb, uiocb, f, eventfd);
	case IOCB_CMD_POLL:
		return submit_poll(ctx, cb, uiocb, f, eventfd);
	}
	return -EINVAL;
}

static long submit_one(struct kioctx *ctx, u64 uiocb)
{
	struct file *f, *eventfd = NULL;
	struct iocb cb;
	long err;

	if (copy_from_user(&cb, u64_to_uptr(uiocb), sizeof(cb)))
		return -EFAULT;
	if (cb.aio_reserved2 || (ssize_t)cb.aio_nbytes < 0)
		return -EINVAL;
	if (ctx->active + ring_count(ctx) >= ctx->nr_events - 1)
		return -EAGAIN;
	f = fget(cb.aio_fildes);
	if (!f)
		return -EBADF;
	err = 0;
	if (cb.aio_flags & IOCB_FLAG_RESFD) {
		eventfd = fget(cb.aio_resfd);
		err = !eventfd ? -EBADF : is_eventfd(eventfd) ? 0 : -EINVAL;
	}
	if (!err && put_user((u32)KIOCB_KEY, (u32 __user *)u64_to_uptr(uiocb + offsetof(struct iocb, aio_key))))
		err = -EFAULT;
	if (!err)
		err = dispatch(ctx, &cb, uiocb, f, eventfd);
	file_put(eventfd);
	file_put(f);
	return err;
}

SYSCALL_DEFINE3(io_submit, u64, id, long, nr, u64 __user *, iocbpp)
{
	struct kioctx *ctx;
	long done, err = 0;

	if (nr < 0)
		return -EINVAL;
	ctx = ctx_find(id);
	if (!ctx)
		return -EINVAL;
	nr = min(nr, (long)ctx->nr_events);
	for (done = 0; done < nr && !ctx->dead; done++) {
		u64 uiocb;

		err = get_user(uiocb, iocbpp + done) ? -EFAULT : submit_one(ctx, uiocb);
		if (err)
			break;
		cond_resched();
	}
	ctx_put(ctx);
	return done ? done : err;
}

/* What is under way can be cancelled only when it polls. The event still comes. */
SYSCALL_DEFINE3(io_cancel, u64, id, void __user *, uiocb, void __user *, result __maybe_unused)
{
	struct aio_poll *req;
	struct kioctx *ctx;
	long err = -EINVAL;
	u32 key;

	if (get_user(key, (u32 __user *)u64_to_uptr((u64)(unsigned long)uiocb + offsetof(struct iocb, aio_key))))
		return -EFAULT;
	if (key != KIOCB_KEY)
		return -EINVAL;
	ctx = ctx_find(id);
	if (!ctx)
		return -EINVAL;
	list_for_each_entry(req, &ctx->polls, node)
		if (req->uiocb == (u64)(unsigned long)uiocb) {
			poll_complete(req, 0);
			err = -EINPROGRESS;
			break;
		}
	ctx_put(ctx);
	return err;
}

/* ---- io_getevents ---- */

/* Takes up to @nr events off the ring: how many, or -EFAULT. */
static long reap(struct kioctx *ctx, struct io_event __user *events, long nr)
{
	u32 head = ring_head(ctx);
	long n = 0;

	while (n < nr && head != ctx->tail) {
		struct io_event e = *event_at(ctx, head);

		if (copy_to_user(events + n, &e, sizeof(e)))
			return -EFAULT;
		head = (head + 1) % ctx->nr_events;
		n++;
	}
	WRITE_ONCE(ring_of(ctx)->head, head);
	return n;
}

static long get_events(u64 id, long min_nr, long nr, struct io_event __user *events, u64 deadline)
{
	struct kioctx *ctx = ctx_find(id);
	bool late = deadline == 0;
	long done = 0, n;

	if (!ctx)
		return -EINVAL;
	if (min_nr > nr || min_nr < 0) {
		ctx_put(ctx);
		return -EINVAL;
	}
	for (;;) {
		struct wait_entry e;

		n = reap(ctx, events + done, nr - done);
		if (n < 0) {
			done = done ? done : n;
			break;
		}
		done += n;
		if (done >= min_nr || late || ctx->dead)
			break;
		if (signal_pending(current)) {
			done = done ? done : -EINTR;
			break;
		}
		init_wait(&e);
		prepare_to_wait(&ctx->wait, &e, TASK_INTERRUPTIBLE);
		if (!ring_count(ctx) && !ctx->dead)
			late = schedule_until(deadline);
		finish_wait(&e);
	}
	ctx_put(ctx);
	return done;
}

static int deadline_from(const struct __kernel_timespec __user *uts, u64 *deadline)
{
	struct __kernel_timespec ts;
	u64 ns;

	*deadline = KTIME_MAX;
	if (!uts)
		return 0;
	if (copy_from_user(&ts, uts, sizeof(ts)))
		return -EFAULT;
	/* No value is refused: what lies before now is over at once. */
	if (ts.tv_sec < 0 || (!ts.tv_sec && ts.tv_nsec <= 0)) {
		*deadline = 0;
		return 0;
	}
	ns = (u64)min((s64)ts.tv_sec, (s64)4000000000) * NSEC_PER_SEC + (u64)ts.tv_nsec;
	*deadline = ktime_add_safe(ktime_get(), ns);
	return 0;
}

SYSCALL_DEFINE5(io_getevents, u64, id, long, min_nr, long, nr, struct io_event __user *, events,
	const struct __kernel_timespec __user *, timeout)
{
	u64 deadline;
	int err = deadline_from(timeout, &deadline);

	return err ? err : get_events(id, min_nr, nr, events, deadline);
}

SYSCALL_DEFINE6(io_pgetevents, u64, id, long, min_nr, long, nr, struct io_event __user *, events,
	const struct __kernel_timespec __user *, timeout, const u64 __user *, usig)
{
	u64 deadline, sig[2] = { 0 };
	long n = deadline_from(timeout, &deadline);

	if (n)
		return n;
	if (usig && copy_from_user(sig, usig, sizeof(sig)))
		return -EFAULT;
	n = set_user_sigmask(u64_to_uptr(sig[0]), sig[1]);
	if (n)
		return n;
	n = get_events(id, min_nr, nr, events, deadline);
	restore_saved_sigmask_unless(n == -EINTR);
	return n == -EINTR ? -ERESTARTNOHAND : n;
}

/* ---- io_uring ---- */

/* As with kernel.io_uring_disabled=2: nobody may have one, so no descriptor is one. */
SYSCALL_DEFINE2(io_uring_setup, u32, entries __maybe_unused, void __user *, params __maybe_unused)
{
	return -EPERM;
}

static long not_a_uring(unsigned fd)
{
	struct file *f = fget(fd);

	if (!f)
		return -EBADF;
	file_put(f);
	return -EOPNOTSUPP;
}

#define ENTER_FLAGS 0x7fu          /* IORING_ENTER_GETEVENTS to _NO_IOWAIT */
#define ENTER_REGISTERED_RING 0x10u
#define REGISTER_LAST 34u          /* opcodes of 6.12 */
#define REGISTER_USE_REGISTERED (1u << 31)

SYSCALL_DEFINE6(io_uring_enter, unsigned, fd, u32, to_submit __maybe_unused, u32, min_complete __maybe_unused, u32, flags,
	const void __user *, argp __maybe_unused, size_t, argsz __maybe_unused)
{
	if (flags & ~ENTER_FLAGS)
		return -EINVAL;
	if (flags & ENTER_REGISTERED_RING)
		return -EINVAL; /* the task has no registered rings */
	return not_a_uring(fd);
}

SYSCALL_DEFINE4(io_uring_register, unsigned, fd, unsigned, opcode, void __user *, arg __maybe_unused,
	unsigned, nr_args __maybe_unused)
{
	bool registered = opcode & REGISTER_USE_REGISTERED;

	if ((opcode & ~REGISTER_USE_REGISTERED) >= REGISTER_LAST)
		return -EINVAL;
	return registered ? -EINVAL : not_a_uring(fd);
}
