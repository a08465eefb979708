/* "#!" scripts: the interpreter takes the script's place, with the script's name as an argument (execve(2)). */
#include "binfmt.h"
#include "fs.h"
#include "slab.h"
#include "string.h"

static bool blank(u8 c)
{
	return c == ' ' || c == '\t';
}

int script_parse(u8 *buf, char **name, char **arg)
{
	u8 *const limit = buf + BINPRM_BUF_SIZE; /* one behind the last byte */
	u8 *p, *end, *word;

	if (buf[0] != '#' || buf[1] != '!')
		return -ENOEXEC;
	for (end = buf + 2; end < limit && *end != '\n' && *end; end++)
		;
	if (end == limit) {
		/* The line is cut off: a whole interpreter name is needed, a shortened argument is not an error. */
		for (p = buf + 2; p < limit && blank(*p); p++)
			;
		for (; p < limit && !blank(*p); p++)
			;
		if (p == limit)
			return -ENOEXEC;
		end = limit - 1;
	}
	while (end > buf + 2 && blank(end[-1]))
		end--;
	*end = 0;
	for (p = buf + 2; blank(*p); p++)
		;
	if (!*p)
		return -ENOEXEC;
	word = p;
	while (*p && !blank(*p))
		p++;
	*arg = NULL;
	if (*p) {
		*p++ = 0;
		while (blank(*p))
			p++;
		if (*p)
			*arg = (char *)p;
	}
	*name = (char *)word;
	return 0;
}

/* prefix becomes: interpreter, its argument, the script's name, and what it was without its first string. */
static int push_prefix(struct binprm *b, const char *name, const char *arg, const char *script)
{
	struct arg_list fresh = { 0 };
	int err = arg_append(&fresh, name, strlen(name));

	if (!err && arg)
		err = arg_append(&fresh, arg, strlen(arg));
	if (!err)
		err = arg_append(&fresh, script, strlen(script));
	if (b->prefix.count) {
		const char *s = b->prefix.data;
		u32 i;

		for (i = 0; i < b->prefix.count; i++, s += strlen(s) + 1)
			if (i > 0 && !err)
				err = arg_append(&fresh, s, strlen(s));
	} else if (b->argv.count) {
		b->argv_skip = (u32)strlen(b->argv.data) + 1;
	}
	arg_free(&b->prefix);
	b->prefix = fresh;
	return err;
}

int load_script(struct binprm *b)
{
	char *name, *arg, *interp;
	struct file *f;
	int err;

	err = script_parse(b->buf, &name, &arg);
	if (err)
		return err;
	if (b->path_inaccessible)
		return -ENOENT;
	err = push_prefix(b, name, arg, b->interp ? b->interp : b->filename);
	if (err)
		return err;
	if (b->prefix.used + b->argv.used + b->envp.used > b->arg_limit)
		return -E2BIG;
	interp = kstrdup(name);
	if (!interp)
		return -ENOMEM;
	kfree(b->interp);
	b->interp = interp;
	f = open_exec(AT_FDCWD, interp, 0);
	if (IS_ERR(f))
		return (int)PTR_ERR(f);
	close_exec(b->file);
	b->file = f;
	return 0;
}
