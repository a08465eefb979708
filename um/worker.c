/* Helper threads for requests that may block. A helper takes a request from the queue, does it (hostfile_perform), and
 * pushes it on a list that the kernel thread empties. Helpers share nothing else with the kernel; they block every
 * signal but SIGURG, which cancels a call, and the terminal's stops, whose default action they must not lose. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "um.h"

/* Threads in all: requests that block for ever (reads of terminals) hold one each. */
#define WORKERS_MOST 512
#define WORKERS_KEPT 4          /* idle ones beyond these end */
#define WORKER_STACK (256 * 1024)

struct worker {
	pthread_t thread;
	struct host_req *req;   /* lock */
	int cancelled;          /* set under lock; read by worker_cancellable */
	struct worker *next;    /* lock: all of them */
};

int worker_fd = -1;
u32 worker_pending;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static struct host_req *queue, **queue_tail = &queue;   /* lock */
static unsigned nqueued, nidle, nworkers;               /* lock */
static struct worker *workers;                          /* lock */
static _Atomic(struct host_req *) finished;             /* newest first */
static _Atomic(u32) sleeping;
static __thread struct worker *self;
static unsigned ending;                                 /* the kernel thread's: requests under way that end by themselves */

/* What comes over a stream may never come. */
static bool ends(const struct host_req *req)
{
	return req->op != HOST_READ && req->op != HOST_WRITE && req->op != HOST_CONNECT && req->op != HOST_SEND;
}

bool worker_busy(void)
{
	return ending != 0;
}

bool workers_rest(void)
{
	bool rest;

	/* who holds the lock is at work */
	if (pthread_mutex_trylock(&lock))
		return false;
	rest = !nqueued && nidle == nworkers;
	pthread_mutex_unlock(&lock);
	return rest;
}

/* long worker_cancellable(const int *cancelled, long nr, long a, long b, long c, long d): the call, or -EINTR if
 * *cancelled is set. The signal handler moves a thread that is between worker_cancel_begin and worker_cancel_end to
 * worker_cancel_out, so that no cancellation falls between the test and the call. */
__asm__(".pushsection .text\n"
	".type worker_cancellable, @function\n"
	"worker_cancellable:\n"
	"	mov %rdi, %r11\n"
	"	mov %rsi, %rax\n"
	"	mov %rdx, %rdi\n"
	"	mov %rcx, %rsi\n"
	"	mov %r8, %rdx\n"
	"	mov %r9, %r10\n"
	".globl worker_cancel_begin, worker_cancel_end, worker_cancel_out\n"
	".hidden worker_cancel_begin, worker_cancel_end, worker_cancel_out\n"
	"worker_cancel_begin:\n"
	"	cmpl $0, (%r11)\n"
	"	jne worker_cancel_out\n"
	"	syscall\n"
	"worker_cancel_end:\n"
	"	ret\n"
	"worker_cancel_out:\n"
	"	mov $-4, %rax\n"
	"	ret\n"
	".size worker_cancellable, . - worker_cancellable\n"
	".popsection\n");
long worker_cancellable(const int *cancelled, long nr, long a, long b, long c, long d);
extern const char worker_cancel_begin[], worker_cancel_end[], worker_cancel_out[];

long worker_syscall(long nr, long a, long b, long c, long d)
{
	static const int never;

	return worker_cancellable(self ? &self->cancelled : &never, nr, a, b, c, d);
}

static void cancel_handler(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	unsigned long ip = (unsigned long)uc->uc_mcontext.gregs[REG_RIP];

	(void)signo;
	(void)info;
	if (self && READ_ONCE(self->cancelled) && ip >= (unsigned long)worker_cancel_begin &&
	    ip < (unsigned long)worker_cancel_end)
		uc->uc_mcontext.gregs[REG_RIP] = (greg_t)(unsigned long)worker_cancel_out;
}

static void finish(struct host_req *req)
{
	struct host_req *head = atomic_load_explicit(&finished, memory_order_relaxed);
	u64 one = 1;

	do {
		req->next = head;
	} while (!atomic_compare_exchange_weak(&finished, &head, req));
	WRITE_ONCE(worker_pending, 1);
	if (atomic_load(&sleeping))
		while (write(worker_fd, &one, sizeof(one)) < 0 && errno == EINTR)
			;
}

/* Waits for a request; NULL: this helper is one too many. Called and returns with the lock held. */
static struct host_req *next_request(void)
{
	struct host_req *req;

	while (!queue) {
		if (nidle >= WORKERS_KEPT)
			return NULL;
		nidle++;
		pthread_cond_wait(&wake, &lock);
		nidle--;
	}
	req = queue;
	queue = req->next;
	if (!queue)
		queue_tail = &queue;
	nqueued--;
	return req;
}

static void *worker_main(void *arg)
{
	struct worker *w = arg, **at;
	struct host_req *req;

	self = w;
	pthread_mutex_lock(&lock);
	while ((req = next_request())) {
		w->req = req;
		w->cancelled = 0;
		pthread_mutex_unlock(&lock);
		req->result = hostfile_perform(req);
		pthread_mutex_lock(&lock);
		w->req = NULL;
		pthread_mutex_unlock(&lock);
		finish(req);
		pthread_mutex_lock(&lock);
	}
	for (at = &workers; *at != w; at = &(*at)->next)
		;
	*at = w->next;
	nworkers--;
	self = NULL;
	pthread_mutex_unlock(&lock);
	free(w);
	return NULL;
}

/* One more helper. Called with the lock held. False if the host allows none. */
static bool worker_start(void)
{
	sigset_t helpers, old;
	pthread_attr_t attr;
	struct worker *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return false;
	sigfillset(&helpers);
	sigdelset(&helpers, SIGURG);
	sigdelset(&helpers, SIGTTIN);
	sigdelset(&helpers, SIGTTOU);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, WORKER_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &helpers, &old);
	err = pthread_create(&w->thread, &attr, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (err) {
		free(w);
		return false;
	}
	cpu_free_thread(w->thread);
	w->next = workers;
	workers = w;
	nworkers++;
	return true;
}

static void give_back(struct host_req *req)
{
	if (!req->copied)
		return;
	free((char *)req->path);
	free((char *)req->path2);
	if (req->fd >= 0)
		close(req->fd);
	if (req->fd2 >= 0)
		close(req->fd2);
	req->path = req->given.path;
	req->path2 = req->given.path2;
	req->fd = req->given.fd;
	req->fd2 = req->given.fd2;
	req->copied = false;
}

/* A copy of @fd. False if there is none to be had. */
static bool copy_fd(int *fd)
{
	return *fd < 0 || (*fd = fcntl(*fd, F_DUPFD_CLOEXEC, 3)) >= 0;
}

static bool copy_text(const char **text)
{
	return !*text || (*text = strdup(*text));
}

/* Another guest may rename what is named here, or drop the directory, while a helper works on it: the helper gets copies. */
static int take_copies(struct host_req *req)
{
	bool fine;

	req->copied = false;
	if (!req->path && !req->path2)
		return 0;
	req->given.path = req->path;
	req->given.path2 = req->path2;
	req->given.fd = req->fd;
	req->given.fd2 = req->fd2;
	if (req->op != HOST_RENAME && req->op != HOST_LINK)
		req->fd2 = -1; /* not an argument */
	req->copied = true;
	fine = copy_text(&req->path);
	fine &= copy_text(&req->path2);
	fine &= copy_fd(&req->fd);
	fine &= copy_fd(&req->fd2);
	if (fine)
		return 0;
	give_back(req);
	return -ENOMEM;
}

void worker_submit(struct host_req *req)
{
	struct host_req **at;
	bool alone = false;
	int err = take_copies(req);

	req->next = NULL;
	ending += ends(req);
	if (err) {
		req->result = err;
		finish(req);
		return;
	}
	pthread_mutex_lock(&lock);
	*queue_tail = req;
	queue_tail = &req->next;
	nqueued++;
	if (nidle < nqueued && nworkers < WORKERS_MOST)
		alone = !worker_start() && !nworkers;
	if (alone) {
		/* no helper and none to be had: blocking the kernel is what is left */
		for (at = &queue; *at != req; at = &(*at)->next)
			;
		*at = NULL;
		queue_tail = at;
		nqueued--;
	} else {
		pthread_cond_signal(&wake);
	}
	pthread_mutex_unlock(&lock);
	if (alone) {
		req->result = hostfile_perform(req);
		finish(req);
	}
}

bool worker_cancel(struct host_req *req)
{
	struct host_req **at, *before = NULL;
	struct worker *w;

	pthread_mutex_lock(&lock);
	for (at = &queue; *at && *at != req; at = &(*at)->next)
		before = *at;
	if (*at) {
		*at = req->next;
		if (!req->next)
			queue_tail = before ? &before->next : &queue;
		nqueued--;
		pthread_mutex_unlock(&lock);
		req->result = -EINTR;
		finish(req);
		return true;
	}
	for (w = workers; w && w->req != req; w = w->next)
		;
	if (w) {
		WRITE_ONCE(w->cancelled, 1);
		pthread_kill(w->thread, SIGURG);
	}
	pthread_mutex_unlock(&lock);
	return w != NULL;
}

bool worker_poll(void)
{
	struct host_req *req, *next, *oldest = NULL;

	if (!READ_ONCE(worker_pending))
		return false;
	WRITE_ONCE(worker_pending, 0);
	for (req = atomic_exchange(&finished, NULL); req; req = next) {
		next = req->next;
		req->next = oldest;
		oldest = req;
	}
	for (req = oldest; req; req = next) {
		next = req->next;
		req->done = true;
		ending -= ends(req);
		give_back(req);
		host_complete_upcall(req);
	}
	return oldest != NULL;
}

bool worker_prepare_sleep(void)
{
	atomic_store(&sleeping, 1);
	if (!atomic_load(&finished))
		return true;
	/* the helper may not have come to its hint yet */
	WRITE_ONCE(worker_pending, 1);
	atomic_store(&sleeping, 0);
	return false;
}

void worker_finish_sleep(void)
{
	atomic_store(&sleeping, 0);
}

void worker_init(void)
{
	struct sigaction sa = { .sa_sigaction = cancel_handler, .sa_flags = SA_SIGINFO | SA_RESTART };

	sigfillset(&sa.sa_mask);
	sigaction(SIGURG, &sa, NULL);
	worker_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (worker_fd < 0)
		um_die(125, "cannot make an eventfd: %s", strerror(errno));
}
