/* sendmsg and recvmsg: message headers and control messages. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <netinet/in.h>
#include <linux/errqueue.h>

#include "calls.h"

#define MAX_IOV 64
#define CONTROL 4096

/* The header of the script's {msg_name(...)=..., msg_iov(n)=[...], msg_flags=..., msg_control=[...]}. */
struct message {
	struct msghdr hdr;
	struct iovec iov[MAX_IOV];
	struct sockaddr_storage name;
	union { struct cmsghdr align; uint8_t bytes[CONTROL]; } control;
};

static void fill_header(struct message *m, const struct expr *e, bool send)
{
	const struct expr *name = field(e, "msg_name"), *iov = field(e, "msg_iov");

	memset(m, 0, sizeof(*m));
	if (e->kind != E_STRUCT)
		fail(e->line, "a msghdr is expected");
	if (name && !send) {
		m->hdr.msg_name = &m->name;
		m->hdr.msg_namelen = sizeof(m->name);
	} else if (name && (name->kind != E_ELLIPSIS || send)) {
		m->hdr.msg_namelen = address_of(name, &m->name, true);
		m->hdr.msg_name = m->hdr.msg_namelen ? &m->name : NULL;
	}
	m->hdr.msg_iov = m->iov;
	if (iov)
		m->hdr.msg_iovlen = (size_t)iovec_of(iov, m->iov, MAX_IOV);
}

/* ---- sending ---- */

static void add_control(struct message *m, const struct expr *e)
{
	const struct expr *data = field(e, "cmsg_data");
	struct cmsghdr *c = (void *)(m->control.bytes + m->hdr.msg_controllen);
	int value = (int)number(data ? data : e);

	if (m->hdr.msg_controllen + CMSG_SPACE(sizeof(value)) > CONTROL)
		fail(e->line, "too many control messages");
	c->cmsg_level = (int)field_number(e, "cmsg_level", 0);
	c->cmsg_type = (int)field_number(e, "cmsg_type", 0);
	c->cmsg_len = CMSG_LEN(sizeof(value));
	memcpy(CMSG_DATA(c), &value, sizeof(value));
	m->hdr.msg_controllen += CMSG_SPACE(sizeof(value));
}

long do_sendmsg(struct call *c)
{
	const struct expr *e = c->spec->args[1], *control;
	struct message m;

	if (c->spec->nargs != 3)
		fail(c->line, "sendmsg takes 3 arguments");
	fill_header(&m, e, true);
	m.hdr.msg_control = m.control.bytes;
	control = field(e, "msg_control");
	for (int i = 0; control && i < control->nargs; i++)
		add_control(&m, control->args[i]);
	return sendmsg(fd_of(c->spec->args[0]), &m.hdr, (int)number(c->spec->args[2]));
}

/* ---- receiving ---- */

static void check_error(const struct call *c, const struct expr *e, const struct sock_extended_err *live)
{
	const struct { const char *name; uint32_t value; } fields[] = {
		{ "ee_errno", live->ee_errno }, { "ee_origin", live->ee_origin }, { "ee_type", live->ee_type },
		{ "ee_code", live->ee_code }, { "ee_info", live->ee_info }, { "ee_data", live->ee_data },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		uint32_t want = (uint32_t)field_number(e, fields[i].name, fields[i].value);

		if (want != fields[i].value)
			fail(c->line, "%s is %u, not %u", fields[i].name, fields[i].value, want);
	}
}

/* A time of the system's clock is told as one since the script's start. */
static void check_time(const struct call *c, const struct expr *e, const struct timespec *live)
{
	int64_t want = field_number(e, "scm_sec", 0) * 1000000 + field_number(e, "scm_nsec", 0) / 1000;
	struct timespec now;
	int64_t at;

	clock_gettime(CLOCK_REALTIME, &now);
	at = now_us() - ((int64_t)(now.tv_sec - live->tv_sec) * 1000000 + (now.tv_nsec - live->tv_nsec) / 1000);
	if (at > want + script.tolerance || at < want - script.tolerance)
		fail(c->line, "the timestamp is %.6f s, not %.6f s", (double)at / 1e6, (double)want / 1e6);
}

static void check_control(const struct call *c, const struct expr *e, const struct cmsghdr *live)
{
	const struct expr *data = field(e, "cmsg_data");
	int level = (int)field_number(e, "cmsg_level", -1), type = (int)field_number(e, "cmsg_type", -1), value = 0;

	if (live->cmsg_level != level || live->cmsg_type != type)
		fail(c->line, "control message of level %d, type %d, not %d, %d", live->cmsg_level, live->cmsg_type, level, type);
	if (!data || data->kind == E_ELLIPSIS)
		return;
	if (data->kind == E_STRUCT && field(data, "ee_errno")) {
		check_error(c, data, (const void *)CMSG_DATA(live));
	} else if (data->kind == E_STRUCT && field(data, "scm_sec")) {
		check_time(c, data, (const void *)CMSG_DATA(live));
	} else {
		size_t size = live->cmsg_len - CMSG_LEN(0);

		memcpy(&value, CMSG_DATA(live), size < sizeof(value) ? size : sizeof(value));
		if (value != (int)number(data))
			fail(c->line, "control message has %d, not %d", value, (int)number(data));
	}
}

static void check_received(const struct call *c, const struct expr *e, struct message *m)
{
	const struct expr *control = field(e, "msg_control");
	int want = (int)field_number(e, "msg_flags", m->hdr.msg_flags);
	struct cmsghdr *live = CMSG_FIRSTHDR(&m->hdr);

	if (m->hdr.msg_flags != want)
		fail(c->line, "msg_flags is 0x%x, not 0x%x", m->hdr.msg_flags, want);
	if (!control || control->kind == E_ELLIPSIS)
		return;
	for (int i = 0; i < control->nargs; i++, live = CMSG_NXTHDR(&m->hdr, live)) {
		if (!live)
			fail(c->line, "%d control messages, not %d", i, control->nargs);
		check_control(c, control->args[i], live);
	}
	if (live)
		fail(c->line, "more control messages than %d", control->nargs);
}

long do_recvmsg(struct call *c)
{
	struct message m;
	long n;

	if (c->spec->nargs != 3)
		fail(c->line, "recvmsg takes 3 arguments");
	fill_header(&m, c->spec->args[1], false);
	m.hdr.msg_control = m.control.bytes;
	m.hdr.msg_controllen = sizeof(m.control);
	n = recvmsg(fd_of(c->spec->args[0]), &m.hdr, (int)number(c->spec->args[2]));
	if (n >= 0) {
		int err = errno;

		check_received(c, c->spec->args[1], &m);
		errno = err;
	}
	return n;
}
