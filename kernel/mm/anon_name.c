/* Names that programs give to anonymous memory: prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME), proc_pid_maps(5). Areas share a name;
 * one that a split or a fork makes has its original's, and only areas of the same name join. */
#include "internal.h"
#include "fs.h"
#include "slab.h"
#include "string.h"
#include "uaccess.h"

#define NAME_SIZE 80 /* bytes with the NUL */

struct anon_name {
	u32 refs;
	char text[NAME_SIZE];
};

struct anon_name *anon_name_get(struct anon_name *n)
{
	if (n)
		n->refs++;
	return n;
}

void anon_name_put(struct anon_name *n)
{
	if (n && !--n->refs)
		kfree(n);
}

bool anon_name_same(const struct anon_name *a, const struct anon_name *b)
{
	return a == b || (a && b && !strcmp(a->text, b->text));
}

const char *anon_name_text(const struct anon_name *n)
{
	return n->text;
}

/* What would be mistaken for syntax in /proc/PID/maps, or disturbs a terminal, is refused. */
static bool char_valid(char c)
{
	return c >= ' ' && c <= '~' && !strchr("\\`$[]", c);
}

struct anon_name *anon_name_from_user(const char __user *utext)
{
	struct anon_name *n = kmalloc(sizeof(*n));
	long len, err = -EINVAL;

	if (!n)
		return ERR_PTR(-ENOMEM);
	n->refs = 1;
	len = strncpy_from_user(n->text, utext, NAME_SIZE);
	if (len < 0)
		err = len;
	if (len < 0 || len == NAME_SIZE)
		goto free;
	for (long i = 0; i < len; i++)
		if (!char_valid(n->text[i]))
			goto free;
	return n;
free:
	kfree(n);
	return ERR_PTR(err);
}

int anon_name_area(struct mm *mm, struct vm_area *vma, u64 start, u64 end, struct anon_name *name)
{
	int err;

	if (vma->file && !file_is_anon_shmem(vma->file))
		return -EBADF;
	if (anon_name_same(vma->anon_name, name))
		return 0;
	err = vma_isolate(mm, start, end, false);
	if (err)
		return err == -ENOMEM ? -EAGAIN : err;
	vma = find_vma_exact(mm, start);
	anon_name_put(vma->anon_name);
	vma->anon_name = anon_name_get(name);
	vma_merge(vma);
	return 0;
}
