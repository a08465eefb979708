/* The command line. Decides what each option means and refuses what a later stage brings; opens nothing and changes
 * nothing of the process: main.c acts on the result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "um.h"

enum arg_kind { ARG_NONE, ARG_REQUIRED, ARG_OPTIONAL };

struct parse {
	struct um_config *cfg;
	char **env;             /* what --env adds, in order */
	unsigned nenv;
	bool clearenv;
	char *err;
	size_t err_size;
};

struct option_row {
	const char *name;
	char letter;            /* or 0 */
	enum arg_kind arg;
	int (*set)(struct parse *p, const char *arg);
	const char *meta, *help;
};

static int __printf(2, 3) fail(struct parse *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->err, p->err_size, fmt, ap);
	va_end(ap);
	return -1;
}

/* A number of bytes with an optional suffix K, M, G or T. False if it is none, is zero or overflows. */
static bool parse_size(const char *s, u64 *size)
{
	static const char suffix[] = "KMGT";
	char *end;
	unsigned long long n;
	const char *at;
	int shift = 0;

	if (*s < '0' || *s > '9')
		return false;
	n = strtoull(s, &end, 0);
	if (*end) {
		at = strchr(suffix, *end & ~0x20);
		if (!at || !*at)
			return false;
		shift = 10 * (int)(at - suffix + 1);
		end++;
		if (*end == 'i')
			end++;
		if (*end == 'B' || *end == 'b')
			end++;
	}
	if (*end || !n || n > (~0ull >> shift) >> 1)
		return false;
	*size = n << shift;
	return true;
}

static int set_trap(struct parse *p, const char *arg)
{
	if (!strcmp(arg, "auto"))
		p->cfg->trap = TRAP_AUTO;
	else if (!strcmp(arg, "seccomp"))
		p->cfg->trap = TRAP_USE_SECCOMP;
	else if (!strcmp(arg, "ptrace"))
		p->cfg->trap = TRAP_USE_PTRACE;
	else
		return fail(p, "--trap=%s: must be auto, seccomp or ptrace", arg);
	return 0;
}

static int set_rewrite(struct parse *p, const char *arg)
{
	if (!strcmp(arg, "on"))
		p->cfg->kernel.rewrite = true;
	else if (!strcmp(arg, "off"))
		p->cfg->kernel.rewrite = false;
	else
		return fail(p, "--rewrite=%s: must be on or off", arg);
	return 0;
}

static int set_root(struct parse *p, const char *arg)
{
	if (!*arg)
		return fail(p, "--root: empty directory name");
	p->cfg->kernel.root = arg;
	return 0;
}

static int set_overlay(struct parse *p, const char *arg)
{
	if (arg)
		return fail(p, "--overlay=%s: takes no argument: what guests change stays in memory", arg);
	p->cfg->kernel.overlay = true;
	return 0;
}

/* HOST[:GUEST][:ro] */
static int set_bind(struct parse *p, const char *arg)
{
	struct umk_options *k = &p->cfg->kernel;
	char *host = strdup(arg), *guest, *end;
	size_t len = strlen(arg);

	if (!host)
		return fail(p, "out of memory");
	if (k->nbinds == ARRAY_SIZE(k->binds)) {
		free(host);
		return fail(p, "--bind: more than %zu of them", ARRAY_SIZE(k->binds));
	}
	if (len > 3 && (!strcmp(host + len - 3, ":ro") || !strcmp(host + len - 3, ":rw"))) {
		k->binds[k->nbinds].readonly = host[len - 1] == 'o';
		host[len - 3] = 0;
	}
	guest = strchr(host, ':');
	if (guest)
		*guest++ = 0;
	end = guest ? strchr(guest, ':') : NULL;
	if (!*host || end || (guest ? *guest != '/' : *host != '/')) {
		free(host);
		return fail(p, "--bind=%s: must be HOST[:GUEST][:ro], with the guest's path from its root", arg);
	}
	k->binds[k->nbinds].host = host;
	k->binds[k->nbinds++].guest = guest;
	return 0;
}

/* A directory of the host below which path sockets are shared with host programs. */
static int set_host_unix(struct parse *p, const char *arg)
{
	struct umk_options *k = &p->cfg->kernel;
	char *dir = realpath(arg, NULL);
	struct stat st;

	if (!dir || stat(dir, &st) || !S_ISDIR(st.st_mode)) {
		free(dir);
		return fail(p, "--host-unix=%s: not a directory", arg);
	}
	if (k->nhost_unix == ARRAY_SIZE(k->host_unix)) {
		free(dir);
		return fail(p, "--host-unix: more than %zu of them", ARRAY_SIZE(k->host_unix));
	}
	k->host_unix[k->nhost_unix++] = dir;
	return 0;
}

static int set_cwd(struct parse *p, const char *arg)
{
	if (!*arg)
		return fail(p, "--cwd: empty directory name");
	p->cfg->kernel.cwd = arg;
	return 0;
}

static int set_env(struct parse *p, const char *arg)
{
	const char *eq = strchr(arg, '=');

	if (!eq || eq == arg)
		return fail(p, "--env=%s: must be NAME=VALUE", arg);
	p->env[p->nenv++] = (char *)arg;
	return 0;
}

static int set_clearenv(struct parse *p, const char *arg)
{
	(void)arg;
	p->clearenv = true;
	return 0;
}

static int set_hostname(struct parse *p, const char *arg)
{
	/* sethostname(2): at most 64 bytes (__NEW_UTS_LEN) */
	if (!*arg || strlen(arg) > 64)
		return fail(p, "--hostname: must have 1 to 64 characters");
	p->cfg->kernel.hostname = arg;
	return 0;
}

static int set_mem(struct parse *p, const char *arg)
{
	if (!parse_size(arg, &p->cfg->mem))
		return fail(p, "--mem=%s: must be a size, such as 512M or 2G", arg);
	return 0;
}

static int set_strace(struct parse *p, const char *arg)
{
	p->cfg->kernel.strace = true;
	p->cfg->kernel.strace_expr = arg;
	return 0;
}

static int set_trace_path(struct parse *p, const char *arg)
{
	if (!*arg)
		return fail(p, "-o: empty file name");
	p->cfg->trace_path = arg;
	return 0;
}

static int set_pcap(struct parse *p, const char *arg)
{
	if (!*arg)
		return fail(p, "--pcap: empty file name");
	p->cfg->pcap_path = arg;
	p->cfg->kernel.pcap = true;
	return 0;
}

/* The kernel reads the text. */
static int set_netem(struct parse *p, const char *arg)
{
	struct umk_options *k = &p->cfg->kernel;

	if (k->nnetem == ARRAY_SIZE(k->netem))
		return fail(p, "--netem: more than %zu of them", ARRAY_SIZE(k->netem));
	k->netem[k->nnetem++] = arg;
	return 0;
}

static int set_seed(struct parse *p, const char *arg)
{
	char *end;

	if (*arg < '0' || *arg > '9')
		return fail(p, "--seed=%s: must be a number", arg);
	p->cfg->kernel.seed = strtoull(arg, &end, 0);
	if (*end || !p->cfg->kernel.seed)
		return fail(p, "--seed=%s: must be a number greater than 0", arg);
	return 0;
}

static int set_time(struct parse *p, const char *arg)
{
	p->cfg->virtual_time = !strcmp(arg, "virtual");
	if (!p->cfg->virtual_time && strcmp(arg, "real"))
		return fail(p, "--time=%s: must be real or virtual", arg);
	return 0;
}

static int set_stats(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->kernel.stats = true;
	return 0;
}

static int set_core(struct parse *p, const char *arg)
{
	struct stat st;

	if (stat(arg, &st) || !S_ISDIR(st.st_mode))
		return fail(p, "--core=%s: not a directory", arg);
	p->cfg->kernel.core = arg;
	return 0;
}

static int set_strict(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->kernel.strict = true;
	return 0;
}

static int set_linger(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->kernel.linger = true;
	return 0;
}

static int set_test_faults(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->kernel.test_faults = true;
	return 0;
}

static int set_verbose(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->kernel.verbose++;
	return 0;
}

static int set_help(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->help = true;
	return 0;
}

static int set_version(struct parse *p, const char *arg)
{
	(void)arg;
	p->cfg->version = true;
	return 0;
}

/* A row without a function belongs to a later version. */
static const struct option_row option_rows[] = {
	{ "trap", 0, ARG_REQUIRED, set_trap, "auto|seccomp|ptrace", "how system calls are caught (auto)" },
	{ "rewrite", 0, ARG_REQUIRED, set_rewrite, "on|off", "rewrite hot call sites (on)" },
	{ "root", 0, ARG_REQUIRED, set_root, "DIR", "the guest's / (the host's)" },
	{ "bind", 0, ARG_REQUIRED, set_bind, "HOST[:GUEST][:ro]", "show the host's HOST as GUEST" },
	{ "overlay", 0, ARG_OPTIONAL, set_overlay, NULL, "what guests change stays in memory" },
	{ "host-unix", 0, ARG_REQUIRED, set_host_unix, "DIR", "sockets below the host's DIR are shared with host programs" },
	{ "cwd", 0, ARG_REQUIRED, set_cwd, "DIR", "first working directory (the current one)" },
	{ "env", 0, ARG_REQUIRED, set_env, "NAME=VALUE", "set an environment variable" },
	{ "clearenv", 0, ARG_NONE, set_clearenv, NULL, "start with an empty environment" },
	{ "hostname", 0, ARG_REQUIRED, set_hostname, "NAME", "the guest's host name (the host's)" },
	{ "mem", 0, ARG_REQUIRED, set_mem, "SIZE", "guest memory at most (half of what is available)" },
	{ "strace", 0, ARG_OPTIONAL, set_strace, "EXPR", "print system calls, or those that EXPR names as strace -e does" },
	{ "output", 'o', ARG_REQUIRED, set_trace_path, "FILE", "where --strace prints (standard error)" },
	{ "pcap", 0, ARG_REQUIRED, set_pcap, "FILE", "capture every packet to a pcapng file" },
	{ "netem", 0, ARG_REQUIRED, set_netem, "DEV:SPEC", "a worse network, as tc-netem: lo:delay=10ms,loss=1%" },
	{ "seed", 0, ARG_REQUIRED, set_seed, "N", "make randomness repeatable" },
	{ "time", 0, ARG_REQUIRED, set_time, "real|virtual", "the guest's clock; virtual: it jumps while all sleep (real)" },
	{ "linger", 0, ARG_NONE, set_linger, NULL, "go on until the last process has ended, not the first program" },
	{ "stats", 0, ARG_NONE, set_stats, NULL, "report at exit what was not implemented" },
	{ "core", 0, ARG_REQUIRED, set_core, "DIR", "write core files of guests there (none)" },
	{ "strict", 0, ARG_NONE, set_strict, NULL, "end at the first thing not implemented" },
	{ "test-faults", 0, ARG_NONE, set_test_faults, NULL, NULL },
	{ "verbose", 'v', ARG_NONE, set_verbose, NULL, "say what umk does" },
	{ "help", 'h', ARG_NONE, set_help, NULL, "print this and exit" },
	{ "version", 0, ARG_NONE, set_version, NULL, "print the version and exit" },
	{ "user", 0, ARG_REQUIRED, NULL, NULL, NULL },
	{ "net", 0, ARG_REQUIRED, NULL, NULL, NULL },
	{ "publish", 0, ARG_REQUIRED, NULL, NULL, NULL },
	{ "gdb", 0, ARG_REQUIRED, NULL, NULL, NULL },
	{ "inject", 0, ARG_REQUIRED, NULL, NULL, NULL },
};

static const struct option_row *find_long(const char *name, size_t len)
{
	for (unsigned i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (strlen(option_rows[i].name) == len && !memcmp(option_rows[i].name, name, len))
			return &option_rows[i];
	return NULL;
}

static const struct option_row *find_letter(char letter)
{
	for (unsigned i = 0; i < ARRAY_SIZE(option_rows); i++)
		if (letter && option_rows[i].letter == letter)
			return &option_rows[i];
	return NULL;
}

/* "--name", "--name=arg", "--name arg". Returns how many words were used, or -1. */
static int parse_long(struct parse *p, char **argv)
{
	const char *name = argv[0] + 2;
	size_t len = strcspn(name, "=");
	const char *arg = name[len] ? name + len + 1 : NULL;
	const struct option_row *row = find_long(name, len);
	int used = 1;

	if (!row)
		return fail(p, "unknown option '%.*s' (umk --help lists them)", (int)len + 2, argv[0]);
	if (!row->set)
		return fail(p, "--%s: this version does not have it yet", row->name);
	if (row->arg == ARG_NONE && arg)
		return fail(p, "--%s takes no argument", row->name);
	if (row->arg == ARG_REQUIRED && !arg) {
		arg = argv[1];
		if (!arg)
			return fail(p, "--%s needs an argument", row->name);
		used = 2;
	}
	return row->set(p, arg) ? -1 : used;
}

/* "-x", "-xy", "-oARG", "-o ARG". Returns how many words were used, or -1. */
static int parse_letters(struct parse *p, char **argv)
{
	for (const char *s = argv[0] + 1; *s; s++) {
		const struct option_row *row = find_letter(*s);

		if (!row)
			return fail(p, "unknown option '-%c' (umk --help lists them)", *s);
		if (row->arg == ARG_NONE) {
			if (row->set(p, NULL))
				return -1;
			continue;
		}
		if (s[1])
			return row->set(p, s + 1) ? -1 : 1;
		if (!argv[1])
			return fail(p, "-%c needs an argument", *s);
		return row->set(p, argv[1]) ? -1 : 2;
	}
	return 1;
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return strcspn(b, "=") == len && !memcmp(a, b, len);
}

/* The caller's environment unless --clearenv, with what --env sets replaced or added at the end. */
static char **build_env(struct parse *p, char **envp)
{
	unsigned n = 0, old;
	char **env;

	while (envp && envp[n])
		n++;
	env = calloc(n + p->nenv + 1, sizeof(*env));
	if (!env)
		return NULL;
	if (p->clearenv)
		n = 0;
	if (n)
		memcpy(env, envp, n * sizeof(*env));
	for (unsigned i = 0; i < p->nenv; i++) {
		for (old = 0; old < n && !same_name(env[old], p->env[i]); old++)
			;
		env[old] = p->env[i];
		if (old == n)
			n++;
	}
	env[n] = NULL;
	return env;
}

int options_parse(int argc, char **argv, char **envp, struct um_config *cfg, char *err, size_t err_size)
{
	struct parse p = { .cfg = cfg, .err = err, .err_size = err_size };
	int i = 1, used, ret = -1;

	memset(cfg, 0, sizeof(*cfg));
	cfg->kernel.rewrite = true;
	p.env = calloc((size_t)argc + 1, sizeof(*p.env));
	if (!p.env)
		return fail(&p, "out of memory");
	while (i < argc && argv[i][0] == '-' && argv[i][1]) {
		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		used = argv[i][1] == '-' ? parse_long(&p, argv + i) : parse_letters(&p, argv + i);
		if (used < 0)
			goto free_env;
		i += used;
	}
	if (cfg->help || cfg->version) {
		ret = 0;
		goto free_env;
	}
	if (i >= argc) {
		fail(&p, "no program given (umk --help says how to use it)");
		goto free_env;
	}
	if (cfg->trace_path && !cfg->kernel.strace) {
		fail(&p, "-o goes with --strace");
		goto free_env;
	}
	if (cfg->kernel.overlay && cfg->kernel.nhost_unix) {
		fail(&p, "--host-unix makes sockets on the host, which --overlay does not");
		goto free_env;
	}
	cfg->kernel.program = argv[i];
	cfg->kernel.argv = argv + i;
	cfg->kernel.envp = build_env(&p, envp);
	if (!cfg->kernel.envp) {
		fail(&p, "out of memory");
		goto free_env;
	}
	ret = 0;
free_env:
	free(p.env);
	return ret;
}

void options_help(void)
{
	printf("Usage: umk [OPTIONS] [--] PROGRAM [ARG...]\n"
	       "Runs PROGRAM, an unmodified Linux program, on a kernel of umk's own.\n\n");
	for (unsigned i = 0; i < ARRAY_SIZE(option_rows); i++) {
		const struct option_row *row = &option_rows[i];
		bool optional = row->arg == ARG_OPTIONAL && row->meta;
		char left[64];

		if (!row->help)
			continue;
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			 row->letter ? ", " : "  ", row->name, optional ? "[" : "", row->meta ? "=" : "",
			 row->meta ? row->meta : "", optional ? "]" : "");
		printf("  %-34s %s\n", left, row->help);
	}
	printf("\nThe exit status is the program's, 128+n if signal n ended it; 127 if it was not found, 126 if it cannot\n"
	       "be executed, 125 if umk itself failed.\n");
}
