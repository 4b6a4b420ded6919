/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * Where mail for a domain goes, found in DNS: mail exchangers for independent mode, host addresses for relay mode.
 *
 * <p>Start reading at {@link org.jamesoutgoing.dns.ExchangerLookup}; {@code ExchangerSearch} beside it holds the rules
 * of RFC 5321 §5.1 in the order in which they apply. The way down:
 *
 * <pre>
 * ExchangerLookup ─ ExchangerSearch ─┐                  ┌─ DnsjavaResolver ─ QueryLimit ─ FailoverQuery ─ Nameserver ─ UdpTransport
 *    (MailDomain reads the domain)   ├─ CachingResolver ┤                       (DnsReply reads a reply)
 * HostAddresses ─ HostsFile ─────────┘  TTL, coalescing └─ JamesDnsResolver ─ James's DNSService
 * </pre>
 *
 * <p>This package uses dnsjava for messages and TCP (not its look-up, whose cache tells no time to live and has a
 * clock of its own; not its UDP, see {@code UdpTransport}), Caffeine, and James's {@code DNSService} in one adapter. It
 * knows nothing of the rest of this project.
 */
package org.jamesoutgoing.dns;
