/* Requests to the host: submits, sleeps until the completion, hands readiness of host descriptors to who watches it.
 * What a request means and whether it is made at all is decided by the callers (hostfs.c, stdio.c). */
#include "internal.h"

void host_complete_upcall(struct host_req *r)
{
	struct task *t = r->waiter;

	r->done = true;
	if (t)
		wake_task(t);
}

void host_ready_upcall(void *cookie, u32 ready)
{
	struct host_watcher *w = cookie;

	w->ready(w, ready);
}

long host_call(struct host_req *r)
{
	r->done = false;
	r->waiter = current;
	if (host_submit(r))
		return r->result;
	/* At start there is no task yet that could sleep. */
	while (!current && !r->done)
		host_idle(HOST_FOREVER);
	while (!r->done) {
		current->state = TASK_UNINTERRUPTIBLE;
		schedule();
	}
	return r->result;
}

long host_call_interruptible(struct host_req *r)
{
	bool cancelled = false;

	r->done = false;
	r->waiter = current;
	if (host_submit(r))
		goto done;
	while (!r->done) {
		if (!cancelled && signal_pending(current)) {
			host_cancel(r);
			cancelled = true;
			continue;
		}
		current->state = cancelled ? TASK_UNINTERRUPTIBLE : TASK_INTERRUPTIBLE;
		schedule();
	}
done:
	return r->result == -EINTR ? -ERESTARTSYS : r->result;
}
