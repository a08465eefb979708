/* Messages of umk's own. Every line starts with "umk: " and goes to standard error. */
#ifndef UMK_PRINTK_H
#define UMK_PRINTK_H

#include "types.h"

void pr_msg(const char *fmt, ...) __printf(1, 2);            /* always */
void pr_verbose(const char *fmt, ...) __printf(1, 2);        /* with -v */
void warn_at(const char *file, int line, const char *what);  /* once a place: message and kernel backtrace */
#define WARN_ON(x) ({ bool warn_x = unlikely(!!(x)); if (warn_x) warn_at(__FILE__, __LINE__, #x); warn_x; })
#define BUG_ON(x) do { if (unlikely(x)) bug_at(__FILE__, __LINE__, #x); } while (0)
void __noreturn bug_at(const char *file, int line, const char *what);

#endif
