/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What we call ourselves in {@code EHLO} (RFC 5321 §4.1.1.1): the name that is configured, if it is a name outside this
 * machine too; else an address literal of the connection's own address (§4.1.4), never {@code localhost} or a bare word.
 */
public final class EhloName {

    /** Labels with a dot between them, the last one no number: {@code 192.0.2.1} without brackets is no name. */
    private static final Pattern FULLY_QUALIFIED =
            Pattern.compile("([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]");

    private EhloName() {}

    /** Whether {@code EHLO} says this as it is: a name with a dot, or an address literal. */
    public static boolean isSaid(String name) {
        if (name.startsWith("[") && name.endsWith("]")) {
            String address = name.substring(1, name.length() - 1);
            return NetUtil.isValidIpV4Address(address)
                    || (address.startsWith("IPv6:") && NetUtil.isValidIpV6Address(address.substring(5)));
        }
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return FULLY_QUALIFIED.matcher(name).matches()
                && !lowerCase.startsWith("localhost.")
                && !lowerCase.endsWith(".localhost")
                && !lowerCase.endsWith(".localdomain");
    }

    /** @param local the address at our end of the connection */
    static String of(String configured, InetAddress local) {
        return isSaid(configured) ? configured : literal(local);
    }

    private static String literal(InetAddress address) {
        return "[" + (address instanceof Inet6Address ? "IPv6:" : "") + NetUtil.toAddressString(address) + "]";
    }
}
