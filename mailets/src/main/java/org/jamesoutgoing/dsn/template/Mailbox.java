/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address, perhaps with a name, as a template gives it (RFC 5322 §3.4).
 *
 * @param name empty when there is none; any script, not quoted
 * @param address of US-ASCII, without angle brackets: nothing in it can begin another address
 */
public record Mailbox(String name, String address) {
    private static final int LONGEST = 254;

    private static final Pattern NAMED = Pattern.compile("(.*)<([^<>]*)>\\s*");

    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";

    /** What ordinary addresses look like; quoted local parts and address literals are no sender's of notifications. */
    private static final Pattern ADDRESS =
            Pattern.compile(ATOM + "(?:\\." + ATOM + ")*@" + LABEL + "(?:\\." + LABEL + ")*");

    /** Empty when this is no single address. What stands before the angle brackets is a name, whatever it looks like. */
    public static Optional<Mailbox> parse(String text) {
        Matcher named = NAMED.matcher(text);
        boolean hasName = named.matches();
        String address = (hasName ? named.group(2) : text).strip();
        if (address.length() > LONGEST || !ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        return Optional.of(new Mailbox(hasName ? unquoted(named.group(1).strip()) : "", address));
    }

    private static String unquoted(String name) {
        boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
        return quoted
                ? name.substring(1, name.length() - 1)
                        .replaceAll("\\\\(.)", "$1")
                        .strip()
                : name;
    }
}
