/* umk's own messages: one line each, on standard error, beginning with "umk: ". */
#include "printk.h"
#include "host.h"
#include "kmsg.h"
#include "oops.h"
#include "sched.h"
#include "string.h"

#define LINE_SIZE 512

static void __printf(1, 0) pr_line(const char *fmt, __builtin_va_list ap)
{
	char line[LINE_SIZE] = "umk: ";
	const size_t room = sizeof(line) - 1; /* for the newline */
	size_t len = 5 + kvsnprintf(line + 5, room - 5, fmt, ap);

	if (len >= room)
		len = room - 1;
	line[len++] = '\n';
	host_message(line, len);
	kmsg_store(0, KERN_WARNING, line, len);
}

void pr_msg(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	pr_line(fmt, ap);
	__builtin_va_end(ap);
}

void pr_verbose(const char *fmt, ...)
{
	__builtin_va_list ap;

	if (umk_options.verbose <= 0)
		return;
	__builtin_va_start(ap, fmt);
	pr_line(fmt, ap);
	__builtin_va_end(ap);
}

/* Places that have warned; a place beyond the table warns each time. */
#define WARN_PLACES 64
static struct {
	const char *file;
	int line;
} warned[WARN_PLACES];

void warn_at(const char *file, int line, const char *what)
{
	unsigned i;

	for (i = 0; i < WARN_PLACES && warned[i].file; i++)
		if (warned[i].file == file && warned[i].line == line)
			return;
	if (i < WARN_PLACES) {
		warned[i].file = file;
		warned[i].line = line;
	}
	pr_msg("warning: %s at %s:%d", what, file, line);
	warn_context();
}
