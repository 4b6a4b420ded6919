/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What one reply of a DNS server says about one question. Only records that belong to the question, or to what its name
 * is a CNAME of, count; a server cannot slip in anything else.
 */
sealed interface DnsReply {
    /** RFC 1034 §3.6.2 wants chains followed; ten links are more than any honest one has (Postfix stops there, too). */
    int MAX_ALIASES = 10;

    /** The records asked for, and the name that owns them. */
    record Records(Name owner, List<Record> records, Duration ttl) implements DnsReply {}

    /** The name exists, without such records (RFC 2308 §2.2). */
    record NoData(Name owner, Duration ttl) implements DnsReply {}

    /** NXDOMAIN. */
    record NoSuchName(Duration ttl) implements DnsReply {}

    /** The reply ends at a CNAME whose target is still to be asked for. {@code passed}: all names on the way. */
    record Alias(Name target, Set<Name> passed, Duration ttl) implements DnsReply {}

    /**
     * No usable answer.
     *
     * @param askOthers whether another server may know better
     */
    record Broken(String why, boolean askOthers) implements DnsReply {}

    /**
     * Reads a reply.
     *
     * @param passed the aliases already followed on the way to {@code name}
     */
    static DnsReply of(Message reply, Name name, int type, Set<Name> passed) {
        int rcode = reply.getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new Broken(Rcode.string(rcode), true);
        }
        Set<Name> names = new HashSet<>(passed);
        Name owner = name;
        long ttl = Long.MAX_VALUE;
        while (true) {
            if (!names.add(owner) || names.size() > MAX_ALIASES + 1) {
                return new Broken("CNAME loop or chain of more than " + MAX_ALIASES + " at " + owner, false);
            }
            List<Record> records = owned(reply, owner, type);
            if (!records.isEmpty()) {
                return new Records(owner, records, seconds(leastTtl(records, ttl)));
            }
            List<Record> aliases = owned(reply, owner, Type.CNAME);
            if (aliases.isEmpty()) {
                return nothing(reply, name, owner, names, ttl);
            }
            ttl = leastTtl(aliases, ttl);
            owner = ((CNAMERecord) aliases.get(0)).getTarget();
        }
    }

    /** The chain ends at {@code owner} without the records asked for. */
    private static DnsReply nothing(Message reply, Name name, Name owner, Set<Name> names, long ttl) {
        List<SOARecord> soa = reply.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .filter(record -> owner.subdomain(record.getName()))
                .toList();
        // RFC 2308 §5: the lesser of the SOA's own TTL and its minimum; without SOA not to be kept.
        long negative = soa.stream()
                .mapToLong(record -> Math.min(record.getTTL(), record.getMinimum()))
                .min()
                .orElse(0);
        Duration keep = seconds(Math.min(ttl, negative));
        if (reply.getRcode() == Rcode.NXDOMAIN) {
            return new NoSuchName(keep);
        }
        if (!soa.isEmpty()) {
            return new NoData(owner, keep);
        }
        if (!owner.equals(name)) {
            names.remove(owner);
            return new Alias(owner, Set.copyOf(names), seconds(ttl));
        }
        boolean referral = reply.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS)
                && !reply.getHeader().getFlag(Flags.AA);
        // A server that only points to others has not said that there is nothing (RFC 2308 §2.2.1).
        return referral ? new Broken("refers to other servers, is not recursive", true) : new NoData(owner, keep);
    }

    private static List<Record> owned(Message reply, Name owner, int type) {
        return reply.getSection(Section.ANSWER).stream()
                .filter(r -> r.getType() == type
                        && r.getDClass() == DClass.IN
                        && r.getName().equals(owner))
                .toList();
    }

    private static long leastTtl(List<Record> records, long atMost) {
        return Math.min(atMost, records.stream().mapToLong(Record::getTTL).min().orElse(0));
    }

    /** RFC 2181 §8: a TTL with the top bit set is zero. dnsjava hands it over unsigned. */
    private static Duration seconds(long ttl) {
        return Duration.ofSeconds(ttl < 0 || ttl > Integer.MAX_VALUE ? 0 : ttl);
    }
}
