/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.util.OptionalInt;

/**
 * One configured relay host.
 *
 * @param host a host name, or an IPv4 or IPv6 address without brackets
 * @param port 1 to 65535; empty: the port of the route's TLS mode (25, or 465 for implicit TLS)
 */
public record RelayHost(String host, OptionalInt port) {

    /**
     * Reads {@code host}, {@code host:port}, {@code [host]}, {@code [host]:port}; an IPv6 address needs the brackets.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static RelayHost parse(String text) {
        String spec = text.trim();
        String host;
        String port;
        if (spec.startsWith("[")) {
            int end = spec.indexOf(']');
            if (end < 0) {
                throw notAHost(text);
            }
            host = spec.substring(1, end);
            port = spec.substring(end + 1);
        } else {
            int colon = spec.indexOf(':');
            if (colon != spec.lastIndexOf(':')) {
                throw notAHost(text);
            }
            host = colon < 0 ? spec : spec.substring(0, colon);
            port = colon < 0 ? "" : spec.substring(colon);
        }
        if (host.startsWith("IPv6:")) {
            host = host.substring("IPv6:".length());
        }
        if (!host.matches("[A-Za-z0-9_.-]+|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]+")
                || !(port.isEmpty() || port.matches(":\\d{1,5}"))) {
            throw notAHost(text);
        }
        return new RelayHost(host, port.isEmpty() ? OptionalInt.empty() : OptionalInt.of(portNumber(port, text)));
    }

    private static int portNumber(String port, String text) {
        int number = Integer.parseInt(port.substring(1));
        if (number < 1 || number > 65535) {
            throw notAHost(text);
        }
        return number;
    }

    private static IllegalArgumentException notAHost(String text) {
        return new IllegalArgumentException(
                "'" + text.trim() + "' is not a relay host; allowed: host, host:port, [host], [host]:port");
    }

    @Override
    public String toString() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return port.isPresent() ? name + ":" + port.getAsInt() : name;
    }
}
