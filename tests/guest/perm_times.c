/* utimensat: who may set which times. */
// needs-root: users
// timeout: 60
#include "perm.h"

static unsigned mode;
static struct timespec ts[2];
static void prepare(const char *a) { (void)a; unlink("f"); make_at("f", mode, 1001, 1001); }
static int now(const char *a) { return utimensat(AT_FDCWD, a, NULL, 0); }
static int given(const char *a) { return utimensat(AT_FDCWD, a, ts, 0); }

static void table(void)
{
	static const struct { const char *name; long a, m; } kinds[] = { { "both given", 5, 6 }, { "both now", UTIME_NOW, UTIME_NOW },
		{ "both omit", UTIME_OMIT, UTIME_OMIT }, { "now, omit", UTIME_NOW, UTIME_OMIT }, { "omit, now", UTIME_OMIT, UTIME_NOW },
		{ "now, given", UTIME_NOW, 7 } };
	static const unsigned modes[] = { 0600, 0644, 0664, 0666, 0444 };
	char label[32];
	struct stat st;

	perm_head("NULL");
	for (unsigned i = 0; i < 5; i++) {
		mode = modes[i];
		snprintf(label, sizeof(label), "%04o", mode);
		perm_row(label, prepare, now, "f");
	}
	for (unsigned k = 0; k < 6; k++) {
		ts[0] = (struct timespec){ 100, kinds[k].a };
		ts[1] = (struct timespec){ 200, kinds[k].m };
		perm_head(kinds[k].name);
		for (unsigned i = 0; i < 5; i++) {
			mode = modes[i];
			snprintf(label, sizeof(label), "%04o", mode);
			perm_row(label, prepare, given, "f");
		}
		stat("f", &st);
		printf("times %d.%ld %d.%ld\n", st.st_atime == 100, st.st_atime == 100 ? st.st_atim.tv_nsec : 0, st.st_mtime == 200,
			st.st_mtime == 200 ? st.st_mtim.tv_nsec : 0);
	}
}
int main(void)
{
	in_both(table);
	return 0;
}
