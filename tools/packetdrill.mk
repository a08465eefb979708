# umk-packetdrill: plays packetdrill scripts against umk's network stack (tools/umk-packetdrill.c); what plays a script runs
# inside umk (tools/packetdrill). tests/packetdrill has scripts of our own.

PD_C = $(sort $(wildcard tools/packetdrill/*.c))
PD_OBJ = $(PD_C:%.c=$(O)/%.o)
PD_FLAGS = -std=gnu11 -O1 -g $(WARN) -D_GNU_SOURCE -MMD -MP -fcf-protection=none

$(O)/tools/packetdrill/%.o: tools/packetdrill/%.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(PD_FLAGS) -c -o $@ $<
$(O)/packetdrill-guest: $(PD_OBJ)
	@echo "  LD      $@"
	$(Q)$(CC) -static -pthread -o $@ $^
$(O)/umk-packetdrill: tools/umk-packetdrill.c $(O)/packetdrill-guest
	@echo "  CC      $<"
	$(Q)$(CC) -std=gnu11 -O1 -g $(WARN) -D_GNU_SOURCE -o $@ $<

all: $(O)/umk-packetdrill
-include $(PD_OBJ:.o=.d)

# The scripts of tests/packetdrill: each says what it shows. They were tried on Linux with packetdrill-guest itself, as root in
# a network namespace of its own.
check-packetdrill: $(O)/umk $(O)/umk-packetdrill
	@$(O)/umk-packetdrill tests/packetdrill/*.pkt >$(O)/packetdrill.log; status=$$?; \
	grep -v '^passed: ' $(O)/packetdrill.log; exit $$status
.PHONY: check-packetdrill
