/* Plays one script: packetdrill-guest [-D NAME=VALUE] [--OPTION=VALUE ...] FILE. It runs as a guest in the system under test,
 * in virtual time as a rule; natively it does the same to the host's own stack, as root in a network namespace.
 *
 * Exit status 0 passed, 1 failed, 2 unsupported; why is on standard output. Python code of the script goes to the descriptor
 * that PACKETDRILL_CODE_FD names (umk-packetdrill runs it), or nowhere. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pd.h"

#define ANY_TIME_LIMIT 10000000 /* us that a packet at any time may take */

struct script script = {
	.ip_version = 4, .tolerance = 4000, .mtu = 1500, .bind_port = 8080, .connect_port = 8080,
	.local4 = "192.168.0.1", .gateway4 = "192.168.0.2", .remote4 = "192.0.2.1",
	.local6 = "fd3d:0a0b:17d6::1", .gateway6 = "fd3d:0a0b:17d6:8888::1", .remote6 = "2001:DB8::1",
};
static struct timespec started;
static FILE *code;

/* ---- the end ---- */

static void __attribute__((noreturn, format(printf, 3, 0))) end(int status, int line, const char *fmt, va_list ap)
{
	printf("%s:%d: %s", script.name, line, status == 2 ? "unsupported: " : "");
	vprintf(fmt, ap);
	printf("\n");
	fflush(stdout);
	if (code)
		fflush(code);
	_exit(status);
}

void fail(int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	end(1, line, fmt, ap);
}

void unsupported(int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	end(2, line, fmt, ap);
}

void *grab(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		fail(0, "no memory");
	return p;
}

/* ---- symbols that the command line or the script defines ---- */

static struct definition {
	char *name, *value;
	struct definition *next;
} *definitions;

const char *definition(const char *name)
{
	for (struct definition *d = definitions; d; d = d->next)
		if (!strcmp(d->name, name))
			return d->value;
	return NULL;
}

void define(const char *assignment)
{
	struct definition *d = grab(sizeof(*d));
	const char *equals = strchr(assignment, '=');

	if (!equals)
		fail(0, "NAME=VALUE is expected, not %s", assignment);
	d->name = strndup(assignment, (size_t)(equals - assignment));
	d->value = strdup(equals + 1);
	d->next = definitions;
	definitions = d;
}

/* ---- time ---- */

int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)(now.tv_sec - started.tv_sec) * 1000000 + (now.tv_nsec - started.tv_nsec) / 1000;
}

/* ---- packets that came out, in their order ---- */

static struct wire *queue[256];
static unsigned queued, taken;

static void drain(void)
{
	struct wire *w = NULL;

	for (;;) {
		if (!w)
			w = grab(sizeof(*w));
		if (!device_receive(w))
			break;
		w->time = now_us();
		wire_parse(w);
		/* neighbours and groups, whose reports have a hop-by-hop header, are not the scripts' concern */
		if ((w->version == 6 && w->proto == IPPROTO_HOPOPTS) ||
		    (w->proto == IPPROTO_ICMPV6 && w->icmp_type >= 130 && w->icmp_type <= 143))
			continue;
		if (script.verbose) {
			char live[1024];

			packet_describe(w, w->proto == IPPROTO_TCP || w->proto == IPPROTO_UDP ? flow_for_wire(w) : NULL, live, sizeof(live));
			printf("%.6f %s\n", (double)w->time / 1e6, live);
		}
		if (queued - taken == 256)
			fail(0, "256 packets came out that the script does not expect");
		queue[queued++ % 256] = w;
		w = NULL;
	}
	free(w);
}

/* Sleeps until @time or, if @packet, until one came out. */
static void wait_until(int64_t time, bool packet)
{
	struct pollfd fd = { .fd = tun_fd, .events = POLLIN };

	for (;;) {
		int64_t left = time - now_us();
		struct timespec ts = { left / 1000000, left % 1000000 * 1000 };

		drain();
		if (left <= 0 || (packet && queued != taken))
			return;
		(void)ppoll(&fd, 1, &ts, NULL);
	}
}

/* ---- events ---- */

static void run_command(const char *command, int line)
{
	int status;

	fflush(stdout);
	status = system(command);
	if (status < 0)
		fail(line, "cannot run a command: %s", strerror(errno));
	if (WIFSIGNALED(status))
		fail(line, "the command was killed by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		fail(line, "the command exited with %d", WEXITSTATUS(status));
}

/* The code goes out quoted, so that what is wrong in it has the script's line. */
static void run_code(const struct event *ev)
{
	FILE *out = code_file();

	info_export(call_last_socket());
	fprintf(out, "exec(compile('\\n' * %d + '''", ev->line - 1);
	for (const char *p = ev->text; *p; p++)
		fprintf(out, *p == '\\' || *p == '\'' ? "\\%c" : "%c", *p);
	/* on a line of its own: the code may end with a continued one */
	fprintf(out, "\n''', '%s', 'exec'))\n", script.name);
	fflush(out);
}

FILE *code_file(void)
{
	const char *fd = getenv("PACKETDRILL_CODE_FD");

	if (!code)
		code = fd ? fdopen(atoi(fd), "w") : fopen("/dev/null", "w");
	if (!code)
		fail(0, "nowhere to write code to");
	return code;
}

static void inject(const struct packet_spec *p, int line)
{
	static uint8_t packet[70000];
	struct flow *f = flow_for_spec(p);

	if (!f)
		fail(line, "no connection to send this packet to");
	if (p->payload > 65000)
		fail(line, "a payload of %u bytes", p->payload);
	device_send(packet, packet_build(p, f, packet));
}

static void check_time(const struct event *ev, int64_t base, const struct wire *w)
{
	int64_t first = base + ev->time, last = first;

	if (ev->time_kind == TIME_ANY)
		return;
	if (ev->time_kind == TIME_RANGE || ev->time_kind == TIME_RELATIVE_RANGE)
		last = base + ev->time_end;
	if (w->time < first - script.tolerance || w->time > last + script.tolerance)
		fail(ev->line, "the packet came at %.6f s, not at %.6f s", (double)w->time / 1e6, (double)first / 1e6);
}

static void wrong_packet(const struct event *ev, const struct wire *w, const struct flow *f, const char *differs)
{
	char why[600], live[1024];

	snprintf(why, sizeof(why), "%s", differs);
	packet_describe(w, f, live, sizeof(live));
	fail(ev->line, "%s; the packet that came at %.6f s: %s", why, (double)w->time / 1e6, live);
}

/* The next packet that the script is about, which stays in the queue: what the script's earlier sockets still send, such as the FIN of
 * one that was closed, is left out unless the script names ports. *f: its connection, or NULL. */
static struct wire *next_packet(const struct event *ev, int64_t latest, struct flow **f)
{
	for (;; taken++) {
		struct wire *w;

		wait_until(latest + script.tolerance, true);
		if (queued == taken)
			fail(ev->line, "no packet came until %.6f s", (double)(latest + script.tolerance) / 1e6);
		w = queue[taken % 256];
		*f = w->proto == IPPROTO_TCP || w->proto == IPPROTO_UDP ? flow_for_wire(w) : flow_last();
		if (!*f || !(*f)->past || ev->packet->sport || ev->packet->dport)
			return w;
		free(w);
	}
}

/* Waits for the packet of @ev until @latest and compares. Without --strict_segments its payload may come in pieces. */
static void expect(const struct event *ev, int64_t base, int64_t latest)
{
	struct packet_spec want = *ev->packet;
	bool first = true;

	for (;;) {
		const char *differs;
		struct flow *f;
		struct wire *w = next_packet(ev, latest, &f);
		bool partial;

		partial = !script.strict_segments && want.proto == P_TCP && w->payload && w->payload < want.payload;
		if (f && f->proto == w->proto && (want.sport || want.dport)) {
			flow_current(f);
			if (f->script_local != want.sport || f->script_remote != want.dport) {
				if (f->script_local || f->script_remote)
					wrong_packet(ev, w, f, "it is of another connection");
				f->script_local = want.sport;
				f->script_remote = want.dport;
			}
		}
		differs = packet_differs(&want, w, f, partial);
		if (differs)
			wrong_packet(ev, w, f, differs);
		if (first)
			check_time(ev, base, w);
		first = false;
		taken++;
		if (f)
			flow_current(f);
		if (!partial) {
			free(w);
			return;
		}
		want.seq += (uint32_t)w->payload;
		want.payload -= (unsigned)w->payload;
		free(w);
	}
}

static void play(void)
{
	int64_t script_time = 0; /* of the event before: what relative times count from */

	for (const struct event *ev = script.events; ev; ev = ev->next) {
		bool relative = ev->time_kind == TIME_RELATIVE || ev->time_kind == TIME_RELATIVE_RANGE;
		int64_t base = relative ? script_time : 0, at = base + ev->time, latest = at;

		if (ev->time_kind == TIME_RANGE || ev->time_kind == TIME_RELATIVE_RANGE)
			latest = base + ev->time_end;
		if (ev->time_kind == TIME_ANY) {
			at = now_us();
			latest = at + ANY_TIME_LIMIT;
		}
		if (ev->kind == EV_PACKET && !ev->packet->inbound) {
			expect(ev, base, latest);
			/* what came at an unknown time starts the count anew */
			script_time = ev->time_kind == TIME_RELATIVE || ev->time_kind == TIME_ABSOLUTE ? at : now_us();
			continue;
		}
		wait_until(at, false);
		if (now_us() > latest + script.tolerance)
			fail(ev->line, "the event is %.6f s late", (double)(now_us() - at) / 1e6);
		script_time = at;
		switch (ev->kind) {
		case EV_PACKET:
			inject(ev->packet, ev->line);
			break;
		case EV_CALL:
			call_run(ev, ev->call->blocking ? base + ev->call->end : at);
			break;
		case EV_COMMAND:
			run_command(ev->text, ev->line);
			break;
		case EV_CODE:
			run_code(ev);
			break;
		}
	}
	call_join();
}

static char *read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	char *text = grab(1 << 20);
	size_t n;

	if (!f)
		fail(0, "%s", strerror(errno));
	n = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	text[n] = 0;
	return text;
}

/* Names in commands are relative to the script's folder. */
static void enter_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder = slash ? strndup(name, (size_t)(slash - name)) : NULL;

	if (folder && *folder && chdir(folder))
		fail(0, "%s: %s", folder, strerror(errno));
	free(folder);
}

int main(int argc, char **argv)
{
	char *text, pid[16];

	for (; argc > 1 && argv[1][0] == '-'; argc--, argv++) {
		if (!strncmp(argv[1], "-D", 2))
			define(argv[1] + 2);
		else
			option_argument(argv[1]);
	}
	if (argc != 2) {
		fprintf(stderr, "usage: packetdrill-guest [-DNAME=VALUE] [--OPTION[=VALUE]] FILE\n");
		return 2;
	}
	script.name = argv[1];
	text = read_file(argv[1]);
	parse(text);
	enter_folder(argv[1]);
	/* scripts name their temporary files by it */
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("PACKETDRILL_PID", pid, 1);
	signal(SIGPIPE, SIG_IGN); /* a call's EPIPE is a result like others */
	device_open();
	if (script.init_command)
		run_command(script.init_command, 1);
	drain();
	queued = taken = 0;
	clock_gettime(CLOCK_MONOTONIC, &started);
	play();
	if (code)
		fflush(code);
	return 0;
}
