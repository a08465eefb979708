/* Where --strace prints: standard error, a line at a time as strace does, or the file of -o, buffered until umk sleeps; and the
 * file of --pcap, buffered likewise. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "um.h"

struct output {
	int fd;
	size_t used;
	char buffer[65536];
};
static struct output trace_out = { .fd = 2 }, capture_out = { .fd = -1 };

static void flush(struct output *o)
{
	um_write(o->fd, o->buffer, o->used);
	o->used = 0;
}

static void add(struct output *o, const void *data, size_t size)
{
	if (size > sizeof(o->buffer) - o->used)
		flush(o);
	if (size > sizeof(o->buffer)) {
		um_write(o->fd, data, size);
		return;
	}
	if (size) /* of nothing there may be no address */
		memcpy(o->buffer + o->used, data, size);
	o->used += size;
}

static int open_output(const char *option, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666 & ~umk_options.umask);

	if (fd < 0)
		um_die(125, "%s %s: %s", option, path, strerror(errno));
	return fd;
}

void trace_open(const char *path)
{
	trace_out.fd = open_output("-o", path);
}

void capture_open(const char *path)
{
	capture_out.fd = open_output("--pcap", path);
}

void trace_flush(void)
{
	flush(&trace_out);
	flush(&capture_out);
}

void host_trace(const char *text, size_t size)
{
	if (trace_out.fd != 2)
		add(&trace_out, text, size);
	else if (!console_closed[2])
		um_write(2, text, size);
}

void host_capture(const void *data, size_t size)
{
	add(&capture_out, data, size);
}
