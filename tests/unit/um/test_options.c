/* The command line (um/options.c). */
#include <string.h>

#include "um_unit.h"

static struct um_config cfg;
static char err[256];
static char *no_env[] = { NULL };

/* Parses a NULL-ended list of words after "umk". */
#define PARSE(...) parse((char *[]){ (char *)"umk", ##__VA_ARGS__, NULL }, no_env)
static int parse(char **argv, char **envp)
{
	static char *words[32]; /* options_parse() keeps pointers into it */
	int argc = 0;

	for (; argv[argc]; argc++)
		words[argc] = argv[argc];
	words[argc] = NULL;
	err[0] = 0;
	return options_parse(argc, words, envp, &cfg, err, sizeof(err));
}

START_TEST(program_and_arguments)
{
	ck_assert_int_eq(PARSE("busybox", "ls", "-l", "--strace"), 0);
	ck_assert_str_eq(cfg.kernel.program, "busybox");
	ck_assert_str_eq(cfg.kernel.argv[1], "ls");
	ck_assert_str_eq(cfg.kernel.argv[3], "--strace");
	ck_assert_ptr_null(cfg.kernel.argv[4]);
	ck_assert(!cfg.kernel.strace);
	ck_assert(cfg.kernel.rewrite);
	ck_assert_int_eq(cfg.trap, TRAP_AUTO);
}
END_TEST

START_TEST(shared_sockets)
{
	char err_text[] = "--host-unix=/nothing: not a directory";

	ck_assert_int_eq(PARSE("--host-unix=/proc/self/../self/fd/..", "--host-unix", "/", "p"), 0);
	ck_assert_uint_eq(cfg.kernel.nhost_unix, 2);
	ck_assert_str_eq(cfg.kernel.host_unix[1], "/");
	ck_assert_ptr_null(strstr(cfg.kernel.host_unix[0], "self"));
	ck_assert_int_eq(PARSE("--host-unix=/nothing", "p"), -1);
	ck_assert_str_eq(err, err_text);
	ck_assert_int_eq(PARSE("--host-unix=/", "--overlay", "p"), -1);
}
END_TEST

START_TEST(two_dashes_end_the_options)
{
	ck_assert_int_eq(PARSE("-v", "--", "-program", "-x"), 0);
	ck_assert_str_eq(cfg.kernel.program, "-program");
	ck_assert_int_eq(cfg.kernel.verbose, 1);
}
END_TEST

START_TEST(all_options)
{
	ck_assert_int_eq(PARSE("--trap=ptrace", "--rewrite", "off", "--root=/r", "--cwd", "/c", "--hostname=h", "--mem=2G",
			       "--strace", "-o", "f", "--stats", "--strict", "--seed=0x10", "-vv", "--verbose", "p"), 0);
	ck_assert_int_eq(cfg.trap, TRAP_USE_PTRACE);
	ck_assert(!cfg.kernel.rewrite);
	ck_assert_str_eq(cfg.kernel.root, "/r");
	ck_assert_str_eq(cfg.kernel.cwd, "/c");
	ck_assert_str_eq(cfg.kernel.hostname, "h");
	ck_assert(cfg.mem == 2ull << 30);
	ck_assert(cfg.kernel.strace && cfg.kernel.stats && cfg.kernel.strict);
	ck_assert_str_eq(cfg.trace_path, "f");
	ck_assert(cfg.kernel.seed == 16);
	ck_assert_int_eq(cfg.kernel.verbose, 3);
	ck_assert_str_eq(cfg.kernel.argv[0], "p");
}
END_TEST

START_TEST(joined_letters)
{
	ck_assert_int_eq(PARSE("--strace", "-vofile", "p"), 0);
	ck_assert_str_eq(cfg.trace_path, "file");
	ck_assert_int_eq(cfg.kernel.verbose, 1);
}
END_TEST

START_TEST(sizes)
{
	static const struct {
		const char *text;
		u64 size;
	} good[] = {
		{ "--mem=1", 1 }, { "--mem=4096", 4096 }, { "--mem=1k", 1024 }, { "--mem=64M", 64 << 20 },
		{ "--mem=64MiB", 64 << 20 }, { "--mem=1T", 1ull << 40 }, { "--mem=0x100000", 1 << 20 },
	};
	static const char *const bad[] = {
		"--mem=", "--mem=0", "--mem=-1", "--mem=M", "--mem=1X", "--mem=1MM", "--mem=99999999999999999999T",
		"--mem=16777216T", "--mem=1 M",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
		ck_assert_int_eq(PARSE((char *)good[i].text, "p"), 0);
		ck_assert(cfg.mem == good[i].size);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(PARSE((char *)bad[i], "p") == -1, "%s", bad[i]);
}
END_TEST

START_TEST(refused)
{
	static const char *const bad[] = {
		"--no-such", "-z", "--trap=none", "--trap", "--rewrite=maybe", "--env=novalue", "--env==x", "--hostname=",
		"--seed=0", "--seed=x", "--stats=1", "--time=x", "--root=", "--cwd=", "-v-",
		"--trap=", "-o", "--bind=a", "--bind=/a:b", "--bind=/a:/b:x", "--bind=", "--overlay=x", "--user=1", "--net=none", "--publish=1:1", "--pcap=f", "--gdb=-",
		"--inject=x",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		ck_assert_msg(PARSE((char *)bad[i]) == -1, "%s", bad[i]);
		ck_assert_msg(*err && !strchr(err, '\n'), "%s: one line", bad[i]);
	}
	ck_assert_int_eq(PARSE(), -1);
	ck_assert_int_eq(PARSE("-v"), -1);
	ck_assert_int_eq(PARSE("-ofile", "p"), -1);
}
END_TEST

START_TEST(later_options_say_so)
{
	ck_assert_int_eq(PARSE("--inject=x", "p"), -1);
	ck_assert_ptr_nonnull(strstr(err, "this version"));
}
END_TEST

START_TEST(binds)
{
	ck_assert_int_eq(PARSE("--overlay", "--bind=/a", "--bind=b:/c:ro", "--bind=/d:rw", "p"), 0);
	ck_assert(cfg.kernel.overlay);
	ck_assert_int_eq(cfg.kernel.nbinds, 3);
	ck_assert_str_eq(cfg.kernel.binds[0].host, "/a");
	ck_assert_ptr_null(cfg.kernel.binds[0].guest);
	ck_assert_str_eq(cfg.kernel.binds[1].host, "b");
	ck_assert_str_eq(cfg.kernel.binds[1].guest, "/c");
	ck_assert(cfg.kernel.binds[1].readonly && !cfg.kernel.binds[0].readonly && !cfg.kernel.binds[2].readonly);
}
END_TEST

START_TEST(environment)
{
	char *env[] = { (char *)"A=1", (char *)"AB=2", (char *)"C=3", NULL };

	ck_assert_int_eq(parse((char *[]){ "umk", "--env=AB=x=y", "--env=D=", "--env=D=4", "p", NULL }, env), 0);
	ck_assert_str_eq(cfg.kernel.envp[0], "A=1");
	ck_assert_str_eq(cfg.kernel.envp[1], "AB=x=y");
	ck_assert_str_eq(cfg.kernel.envp[2], "C=3");
	ck_assert_str_eq(cfg.kernel.envp[3], "D=4");
	ck_assert_ptr_null(cfg.kernel.envp[4]);
	/* --clearenv wherever it stands */
	ck_assert_int_eq(parse((char *[]){ "umk", "--env=E=5", "--clearenv", "p", NULL }, env), 0);
	ck_assert_str_eq(cfg.kernel.envp[0], "E=5");
	ck_assert_ptr_null(cfg.kernel.envp[1]);
}
END_TEST

START_TEST(help_and_version_need_no_program)
{
	ck_assert_int_eq(PARSE("--help"), 0);
	ck_assert(cfg.help);
	ck_assert_int_eq(PARSE("--version"), 0);
	ck_assert(cfg.version);
}
END_TEST

UM_UNIT_MAIN("um/options", program_and_arguments, shared_sockets, two_dashes_end_the_options, all_options, joined_letters, sizes, refused,
	     later_options_say_so, binds, environment, help_and_version_need_no_program)
