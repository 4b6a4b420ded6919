/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.regex.Pattern;
import org.apache.james.core.MailAddress;

/**
 * James takes the brackets off an address literal (RFC 5321 §4.1.3): {@code bob@[192.0.2.1]} becomes
 * {@code bob@192.0.2.1}. It takes no domain name that ends in a number, and no IPv6 literal, so this can be undone.
 */
public final class AddressLiterals {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private AddressLiterals() {}

    /** The address as it must stand on the wire. */
    public static String onTheWire(MailAddress address) {
        return address.getLocalPart() + "@" + withBrackets(address.getDomain().asString());
    }

    static String withBrackets(String domain) {
        return IPV4.matcher(domain).matches() ? "[" + domain + "]" : domain;
    }
}
