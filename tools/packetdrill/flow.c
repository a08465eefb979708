/* Which connection a packet belongs to, and how a script's sequence numbers map to the wire's. A script seldom names ports:
 * then it means the connection that it spoke of last. */
#include <arpa/inet.h>
#include <string.h>

#include "pd.h"

#define FIRST_REMOTE_PORT 53055

static struct flow *flows;   /* the newest first */
static struct flow *current;
static uint16_t next_remote_port = FIRST_REMOTE_PORT;

uint32_t wire_local_seq(const struct flow *f, uint32_t seq) { return seq + f->local_isn; }
uint32_t wire_remote_seq(const struct flow *f, uint32_t seq) { return seq + f->remote_isn; }

struct flow *flow_last(void) { return current; }

void flow_current(struct flow *f)
{
	current = f;
	f->past = false;
}

struct ts_pair {
	uint32_t text, live;
	struct ts_pair *next;
};

void flow_add_timestamp(struct flow *f, uint32_t text, uint32_t live)
{
	struct ts_pair *pair = grab(sizeof(*pair));

	*pair = (struct ts_pair){ text, live, f->ts_pairs };
	f->ts_pairs = pair;
}

uint32_t wire_local_timestamp(const struct flow *f, uint32_t text)
{
	for (const struct ts_pair *pair = f->ts_pairs; pair; pair = pair->next)
		if (pair->text == text)
			return pair->live;
	return f->ts_known ? text + f->ts_offset : text;
}

void flow_all_past(void)
{
	for (struct flow *f = flows; f; f = f->next)
		f->past = true;
}

static void address(struct in6_addr *to, const char *text)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		memset(to, 0, 10);
		to->s6_addr[10] = to->s6_addr[11] = 0xff;
		memcpy(to->s6_addr + 12, &v4, 4);
	} else if (inet_pton(AF_INET6, text, to) != 1) {
		fail(0, "\"%s\" is no address", text);
	}
}

static struct flow *new_flow(int proto)
{
	struct flow *f = grab(sizeof(*f));

	f->proto = proto;
	f->version = script.ip_version == 6 ? 6 : 4;
	address(&f->local, f->version == 6 ? script.local6 : script.local4);
	address(&f->remote, f->version == 6 ? script.remote6 : script.remote4);
	f->next = flows;
	flows = f;
	return f;
}

/* A connection that the script's remote end opens. */
static struct flow *new_passive(const struct packet_spec *p, int proto)
{
	struct flow *f = new_flow(proto);

	f->script_remote = p->sport;
	f->script_local = p->dport;
	f->local_port = (uint16_t)(p->dport ? p->dport : script.bind_port);
	f->remote_port = p->sport ? (uint16_t)p->sport : next_remote_port++;
	if (p->version) {
		f->version = p->version;
		address(&f->remote, p->src);
		address(&f->local, p->dst);
	}
	return f;
}

static bool ports_match(const struct flow *f, const struct packet_spec *p)
{
	int local = p->inbound ? p->dport : p->sport, remote = p->inbound ? p->sport : p->dport;

	return f->script_local == local && f->script_remote == remote;
}

/* An inbound SYN begins a connection, unless it is one more of the same, or crosses the stack's own. */
static bool begins(const struct packet_spec *p, const struct flow *f)
{
	if (!p->inbound)
		return false;
	if (p->proto == P_UDP)
		return !f;
	if (p->proto != P_TCP || (p->flags & (F_SYN | F_ACK | F_RST)) != F_SYN)
		return false;
	if (!f)
		return true;
	if (f->active)
		return f->remote_isn_known;
	return p->sport ? false : f->local_isn_known || f->script_remote_isn != p->seq;
}

struct flow *flow_for_spec(const struct packet_spec *p)
{
	int proto = p->proto == P_UDP ? IPPROTO_UDP : IPPROTO_TCP;
	struct flow *f = current;

	if (p->sport || p->dport) {
		for (f = flows; f && !(f->proto == proto && ports_match(f, p)); f = f->next)
			;
		/* a connection that spoke without ports so far may get them now */
		if (!f && current && current->proto == proto && !current->script_local && !p->inbound && current->active) {
			f = current;
			f->script_local = p->sport;
			f->script_remote = p->dport;
		}
	} else if (f && p->proto != P_ICMP && f->proto != proto) {
		f = NULL;
	}
	if (begins(p, f))
		f = new_passive(p, proto);
	if (f && p->inbound && p->proto == P_TCP && p->flags & F_SYN && !f->remote_isn_known) {
		f->remote_isn_known = true;
		f->remote_isn = f->script_remote_isn = p->seq;
	}
	if (f)
		flow_current(f);
	return f;
}

struct flow *flow_for_wire(const struct wire *w)
{
	struct flow *f;

	for (f = flows; f; f = f->next)
		if (f->proto == w->proto && f->local_port == w->sport && f->remote_port == w->dport
		    && !memcmp(&f->remote, &w->dst, 16))
			return f;
	if (w->proto != IPPROTO_UDP && (w->proto != IPPROTO_TCP || (w->flags & (F_SYN | F_ACK)) != F_SYN))
		return NULL;
	f = new_flow(w->proto);
	f->active = true;
	f->version = w->version;
	f->local = w->src;
	f->remote = w->dst;
	f->local_port = w->sport;
	f->remote_port = w->dport;
	return f;
}
