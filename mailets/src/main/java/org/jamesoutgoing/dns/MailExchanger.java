/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * One host that takes mail for a domain.
 *
 * @param host its name as A-labels in lower case without a trailing dot, or an address literal in brackets
 * @param preference as in its MX record, 0 to 65535, lower is better; 0 for a domain that is its own exchanger
 * @param addresses all its addresses in the order to try them, IPv6 and IPv4 in turn (RFC 8305 §4), shuffled within
 *     each family; empty when it has none now: the host is skipped and, if no other host is left, the mail deferred
 */
public record MailExchanger(String host, int preference, List<InetAddress> addresses) {
    /** Copies {@code addresses}. */
    public MailExchanger {
        addresses = List.copyOf(addresses);
    }
}
