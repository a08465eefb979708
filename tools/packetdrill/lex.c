/* Cuts a script into tokens. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pd.h"

static struct token *tokens;
static size_t count, room;

static struct token *add(enum token_kind kind, int line, const char *text, size_t size)
{
	struct token *t;

	if (count == room) {
		room = room ? room * 2 : 1024;
		tokens = realloc(tokens, room * sizeof(*tokens));
		if (!tokens)
			abort();
	}
	t = &tokens[count++];
	memset(t, 0, sizeof(*t));
	t->kind = kind;
	t->line = line;
	t->text = strndup(text, size);
	return t;
}

/* The length of an IPv6 address at @p, or 0. A range like 1:1001 is none: an address has "::" or eight groups. */
static size_t ipv6_size(const char *p)
{
	size_t n = strspn(p, "0123456789abcdefABCDEF:");
	unsigned colons = 0;
	bool twice = false;

	for (size_t i = 0; i < n; i++) {
		colons += p[i] == ':';
		twice |= p[i] == ':' && i + 1 < n && p[i + 1] == ':';
	}
	if (!twice && colons != 7)
		return 0;
	if (p[n] == '.')  /* the last group was the first number of an embedded IPv4 address */
		n += strspn(p + n, "0123456789.");
	while (n && p[n - 1] == ':' && (n < 2 || p[n - 2] != ':'))
		n--; /* the colon behind it */
	return n;
}

static size_t ipv4_size(const char *p)
{
	size_t n = strspn(p, "0123456789.");
	unsigned dots = 0;

	for (size_t i = 0; i < n; i++)
		dots += p[i] == '.' && i && isdigit((unsigned char)p[i - 1]) && isdigit((unsigned char)p[i + 1]);
	for (size_t i = 1; i < n; i++)
		if (p[i] == '.' && p[i - 1] == '.')
			return 0;
	return dots == 3 ? n : 0;
}

/* A number, or a word that begins with digits. */
static char *lex_number(char *p, int line)
{
	char *start = p, *end;
	struct token *t;

	if (*p == '-')
		p++;
	if (p[0] == '0' && p[1] == 'x') {
		p += 2 + strspn(p + 2, "0123456789abcdefABCDEF");
		t = add(T_INT, line, start, (size_t)(p - start));
		t->value = (int64_t)strtoull(start, NULL, 16);
		return p;
	}
	p += strspn(p, "0123456789");
	if (p[0] == '.' && isdigit((unsigned char)p[1])) {
		p += 1 + strspn(p + 1, "0123456789");
		t = add(T_FLOAT, line, start, (size_t)(p - start));
		t->number = strtod(t->text, NULL);
		return p;
	}
	end = p + strspn(p, "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	if (end != p && *start != '-') {
		add(T_WORD, line, start, (size_t)(end - start));
		return end;
	}
	t = add(T_INT, line, start, (size_t)(p - start));
	t->value = strtoll(start, NULL, 10);
	return p;
}

/* Text up to @close, in which a backslash takes the meaning from the next character. */
static char *lex_quoted(char *p, enum token_kind kind, char close, int *line)
{
	char *start = ++p;
	int first = *line;

	while (*p && *p != close) {
		if (*p == '\\' && p[1])
			p++;
		*line += *p++ == '\n';
	}
	if (!*p)
		fail(first, "a %c without its end", close);
	add(kind, first, start, (size_t)(p - start));
	return p + 1;
}

static char *lex_code(char *p, int *line)
{
	char *start = p + 2, *end = strstr(p, "}%");
	int first = *line;

	if (!end)
		fail(first, "%%{ without }%%");
	for (char *c = start; c < end; c++)
		*line += *c == '\n';
	p = end + 2;
	while (start < end && (*start == ' ' || *start == '\t'))
		start++;
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	add(T_CODE, first, start, (size_t)(end - start));
	return p;
}

/* The end of a comment at @p, or NULL. */
static char *skip_comment(char *p, int *line)
{
	char *end;

	if (p[0] == '/' && p[1] == '/')
		return p + strcspn(p, "\n");
	if (p[0] != '/' || p[1] != '*')
		return NULL;
	end = strstr(p + 2, "*/");
	if (!end)
		fail(*line, "a comment without its end");
	for (; p < end; p++)
		*line += *p == '\n';
	return end + 2;
}

static void lex_word(const char *word, size_t size, int line)
{
	char *name = strndup(word, size);
	const char *value = definition(name);
	struct token *t;
	char *end;

	if (value && (*value == '"' || *value == '`')) {
		add(*value == '"' ? T_STRING : T_COMMAND, line, value + 1, strlen(value) - 2);
	} else if (value) {
		int64_t n = strtoll(value, &end, 0);

		t = add(*end ? T_WORD : T_INT, line, value, strlen(value));
		t->value = n;
	} else {
		add(T_WORD, line, word, size);
	}
	free(name);
}

struct token *lex(char *p)
{
	int line = 1;
	size_t n;

	while (*p) {
		char *end = skip_comment(p, &line);

		if (end) {
			p = end;
		} else if (isspace((unsigned char)*p)) {
			line += *p++ == '\n';
		} else if (p[0] == '%' && p[1] == '{') {
			p = lex_code(p, &line);
		} else if (*p == '"') {
			p = lex_quoted(p, T_STRING, '"', &line);
		} else if (*p == '`') {
			p = lex_quoted(p, T_COMMAND, '`', &line);
		} else if (!strncmp(p, "...", 3)) {
			add(T_ELLIPSIS, line, p, 3);
			p += 3;
		} else if (p[0] == '-' && p[1] == '-' && isalpha((unsigned char)p[2])) {
			n = 2 + strspn(p + 2, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
			add(T_OPTION, line, p + 2, n - 2);
			p += n;
		} else if ((n = ipv6_size(p)) != 0) {
			add(T_IPV6, line, p, n);
			p += n;
		} else if ((n = ipv4_size(p)) != 0) {
			add(T_IPV4, line, p, n);
			p += n;
		} else if (isdigit((unsigned char)*p) || (*p == '.' && isdigit((unsigned char)p[1]))
			   || (*p == '-' && (isdigit((unsigned char)p[1]) || (p[1] == '.' && isdigit((unsigned char)p[2]))))) {
			p = lex_number(p, line);
		} else if (isalpha((unsigned char)*p) || *p == '_') {
			n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
			lex_word(p, n, line);
			p += n;
		} else {
			add(T_CHAR, line, p, 1)->value = *p;
			p++;
		}
	}
	add(T_END, line, "", 0);
	return tokens;
}
