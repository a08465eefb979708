/* Readiness of host descriptors: what the kernel watches is one registration a descriptor in idle.c's epoll, for the union of
 * what its watches want. Descriptors that epoll refuses (regular files) are always ready. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "um.h"

struct watch {
	int fd;
	u32 events;
	u64 armed;              /* when, in counts of armings */
	void *cookie;
	struct watch *next;
};

/* By descriptor number: its watches, one-shot. */
static struct watch **watched;
static unsigned nwatched;
static u64 armings;
static struct watch *always;    /* watches of descriptors that epoll refuses: due at the next poll */

static bool grow(int fd)
{
	unsigned n = nwatched ? nwatched : 64;
	struct watch **grown;

	if ((unsigned)fd < nwatched)
		return true;
	while (n <= (unsigned)fd)
		n *= 2;
	grown = realloc(watched, n * sizeof(*watched));
	if (!grown)
		return false;
	memset(grown + nwatched, 0, (n - nwatched) * sizeof(*watched));
	watched = grown;
	nwatched = n;
	return true;
}

/* Tells epoll what @fd's watches want now; @was says whether it knows @fd. 0 or -errno. */
static int renew(int fd, bool was)
{
	struct epoll_event ev = { .events = EPOLLONESHOT, .data.u64 = (u32)fd };
	int op = was ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	for (struct watch *w = watched[fd]; w; w = w->next)
		ev.events |= w->events;
	if (!epoll_ctl(idle_epoll_fd(), op, fd, &ev))
		return 0;
	/* it was closed and opened again, or is known from an earlier watch */
	if (errno == ENOENT || errno == EEXIST)
		op = errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	else
		return -errno;
	return epoll_ctl(idle_epoll_fd(), op, fd, &ev) ? -errno : 0;
}

static struct watch *take(struct watch **at, int fd, void *cookie)
{
	struct watch *w;

	for (; (w = *at); at = &w->next) {
		if (w->fd != fd || w->cookie != cookie)
			continue;
		*at = w->next;
		return w;
	}
	return NULL;
}

int host_watch(int fd, u32 events, void *cookie)
{
	struct watch *w;
	bool was;
	int err;

	if (fd < 0)
		return -EBADF;
	if (!grow(fd))
		return -ENOMEM;
	was = watched[fd] != NULL;
	w = take(&watched[fd], fd, cookie);
	if (!w)
		w = take(&always, fd, cookie);
	if (!w)
		w = malloc(sizeof(*w));
	if (!w)
		return -ENOMEM;
	*w = (struct watch){ .fd = fd, .events = events, .cookie = cookie, .armed = ++armings,
			     .next = watched[fd] };
	watched[fd] = w;
	err = renew(fd, was);
	if (!err)
		return 0;
	watched[fd] = w->next;
	if (err != -EPERM) {
		free(w);
		return err;
	}
	w->next = always;
	always = w;
	return 0;
}

void host_unwatch(int fd, void *cookie)
{
	struct watch *w;

	if (fd < 0 || (unsigned)fd >= nwatched)
		return;
	w = take(&always, fd, cookie);
	if (!w) {
		w = take(&watched[fd], fd, cookie);
		if (w && watched[fd])
			(void)renew(fd, true);
		else if (w)
			(void)epoll_ctl(idle_epoll_fd(), EPOLL_CTL_DEL, fd, NULL);
	}
	free(w);
}

/* Takes the oldest watch of the list that wants one of @events and was armed up to @until. */
static struct watch *take_due(struct watch **list, u32 events, u64 until)
{
	struct watch **oldest = NULL, *w;

	for (struct watch **at = list; *at; at = &(*at)->next)
		if (events & ((*at)->events | EPOLLERR | EPOLLHUP) && (*at)->armed <= until &&
		    (!oldest || (*at)->armed < (*oldest)->armed))
			oldest = at;
	if (!oldest)
		return NULL;
	w = *oldest;
	*oldest = w->next;
	return w;
}

/* An upcall may watch and unwatch, so the list is looked at afresh after each; what it arms waits for the next turn. */
static bool make_upcalls(struct watch **(*list)(int fd), int fd, u32 events)
{
	u64 until = armings;
	struct watch *w;
	bool any = false;

	while ((w = take_due(list(fd), events, until))) {
		void *cookie = w->cookie;
		u32 ready = events & (w->events | EPOLLERR | EPOLLHUP);

		free(w);
		host_ready_upcall(cookie, ready);
		any = true;
	}
	return any;
}

static struct watch **list_of(int fd)
{
	return &watched[fd];
}

static struct watch **list_always(int fd)
{
	(void)fd;
	return &always;
}

bool watch_ready(int fd, u32 events)
{
	bool any;

	if (fd < 0 || (unsigned)fd >= nwatched)
		return false;
	any = make_upcalls(list_of, fd, events);
	/* the registration was one-shot: what is left, or new, is armed again */
	if (watched[fd])
		(void)renew(fd, true);
	return any;
}

bool watch_poll_always(void)
{
	return always && make_upcalls(list_always, -1, EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM);
}
