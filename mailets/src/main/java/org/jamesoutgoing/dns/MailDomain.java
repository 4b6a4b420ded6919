/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import java.net.IDN;
import java.net.InetAddress;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What stands behind the {@code @}, read: a name, an address literal (RFC 5321 §4.1.3), or neither.
 *
 * <p>Names become A-labels. Letters that IDNA 2003 (the JDK's {@link IDN}) would turn into others, but IDNA 2008 keeps
 * ({@code ß}, {@code ς} and the joiners; UTS #46 §1.2 "deviations"), are kept: {@code straße.example} and
 * {@code strasse.example} may be two owners, and mail must not go to the wrong one.
 */
sealed interface MailDomain {
    /** A name that DNS can be asked for: A-labels, lower case, without a trailing dot. */
    record Name(String ascii) implements MailDomain {
        /** The domain one label up, if that is still at least two labels long. */
        Optional<Name> parent() {
            int dot = ascii.indexOf('.');
            return dot < 0 || ascii.indexOf('.', dot + 1) < 0
                    ? Optional.empty()
                    : Optional.of(new Name(ascii.substring(dot + 1)));
        }
    }

    /** An address literal: {@code text} as given, brackets included. */
    record Literal(String text, InetAddress address) implements MailDomain {}

    /** Neither. {@code why} goes into logs and failure messages. */
    record Malformed(String why) implements MailDomain {}

    /** RFC 1035 §2.3.4: 255 octets on the wire, which is 253 characters. */
    int MAX_NAME = 253;

    /** RFC 1035 §2.3.4. */
    int MAX_LABEL = 63;

    /** Far more than any U-label spelling of 253 A-label characters, far less than costs time. */
    int MAX_INPUT = 1024;

    /** Reads any spelling of a domain: U-labels or A-labels, any case, a trailing dot, an address literal. */
    static MailDomain parse(String text) {
        return text != null && isPlain(text) ? new Name(text) : parseAnySpelling(text);
    }

    /** The same, without the quick look. */
    static MailDomain parseAnySpelling(String text) {
        if (text == null || text.isEmpty()) {
            return new Malformed("the domain is empty");
        }
        if (text.length() > MAX_INPUT) {
            return new Malformed("the domain is longer than " + MAX_NAME + " characters");
        }
        return text.startsWith("[") ? literal(text) : name(text);
    }

    /** Whether this certainly is a name in the spelling of {@link Name}, at one quick look. */
    static boolean isPlain(String text) {
        int labelStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!isLabelLength(i - labelStart)) {
                    return false;
                }
                labelStart = i + 1;
            } else if (!((c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '_')) {
                return false;
            }
        }
        return isLabelLength(text.length() - labelStart)
                && text.length() <= MAX_NAME
                // An IPv4 address is no domain.
                && !isDigit(text.charAt(labelStart));
    }

    private static boolean isLabelLength(int length) {
        return length > 0 && length <= MAX_LABEL;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether this is a name as hosts have them: A-labels (underscores tolerated) of legal lengths. */
    static boolean isHostName(String ascii) {
        return error(ascii).isEmpty();
    }

    private static MailDomain literal(String text) {
        if (!text.endsWith("]")) {
            return new Malformed("the address literal has no closing bracket");
        }
        String inner = text.substring(1, text.length() - 1);
        boolean tagged = inner.regionMatches(true, 0, "IPv6:", 0, 5);
        Optional<InetAddress> address = IpAddresses.parse(tagged ? inner.substring(5) : inner);
        // The tag is often forgotten; on an IPv4 address it is wrong.
        if (address.isEmpty() || (tagged && inner.indexOf(':', 5) < 0)) {
            return new Malformed("the address literal holds no IP address");
        }
        return new Literal(text, address.get());
    }

    private static MailDomain name(String text) {
        if (IpAddresses.parse(text).isPresent()) {
            return new Malformed("an address in place of a domain needs brackets");
        }
        List<String> labels = new ArrayList<>();
        try {
            for (String label : text.split("[.\u3002\uff0e\uff61]", -1)) {
                labels.add(toAscii(label));
            }
        } catch (RuntimeException e) {
            // java.net.IDN answers bad input with IllegalArgumentException, and now and then with another one.
            return new Malformed("the domain is no valid internationalized name");
        }
        if (labels.size() > 1 && labels.get(labels.size() - 1).isEmpty()) {
            labels.remove(labels.size() - 1);
        }
        String ascii = String.join(".", labels);
        return error(ascii).<MailDomain>map(Malformed::new).orElseGet(() -> new Name(ascii));
    }

    private static Optional<String> error(String ascii) {
        if (ascii.length() > MAX_NAME) {
            return Optional.of("the domain is longer than " + MAX_NAME + " characters");
        }
        for (String label : ascii.split("\\.", -1)) {
            if (label.isEmpty()) {
                return Optional.of("the domain has an empty label");
            }
            if (label.length() > MAX_LABEL) {
                return Optional.of("a label of the domain is longer than " + MAX_LABEL + " characters");
            }
            // RFC 1034 §3.5, plus the underscore, which is wrong in a mail domain and nevertheless in use.
            if (!label.chars().allMatch(c -> "abcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(c) >= 0)) {
                return Optional.of("the domain has a character that no domain has");
            }
        }
        return Optional.empty();
    }

    private static String toAscii(String label) {
        if (label.chars().allMatch(c -> c < 0x80)) {
            return label.toLowerCase(Locale.ROOT);
        }
        String ascii = label.codePoints().anyMatch(MailDomain::isDeviation)
                ? withDeviations(label)
                // Without this flag the JDK knows no character younger than Unicode 3.2.
                : IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);
        return ascii.toLowerCase(Locale.ROOT);
    }

    /** Sharp s (small and capital), final sigma, zero width (non-)joiner. */
    private static boolean isDeviation(int c) {
        return c == 0xdf || c == 0x1e9e || c == 0x3c2 || c == 0x200c || c == 0x200d;
    }

    private static String withDeviations(String label) {
        StringBuilder mapped = new StringBuilder();
        // By code point: String.toLowerCase writes a sigma at the end of a word as a final one.
        Normalizer.normalize(label, Normalizer.Form.NFKC)
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(mapped::appendCodePoint);
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (!normal.codePoints().allMatch(MailDomain::isLetter)) {
            throw new IllegalArgumentException("not a letter, digit or hyphen");
        }
        return "xn--" + Punycode.encode(normal);
    }

    private static boolean isLetter(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || isDeviation(c)
                || c == '-'
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }
}
