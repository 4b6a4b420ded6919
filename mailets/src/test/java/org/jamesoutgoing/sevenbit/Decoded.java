/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.mail.MessagingException;
import javax.mail.internet.MimeUtility;

/** Decoders that are not ours. One character for each octet. */
final class Decoded {

    private Decoded() {}

    /** Line ends in the encoded text and the decoded are LF. */
    static String quotedPrintable(String encoded) {
        return decode("quoted-printable", encoded.replace("\n", "\r\n")).replace("\r\n", "\n");
    }

    private static String decode(String encoding, String encoded) {
        try (InputStream in = MimeUtility.decode(new ByteArrayInputStream(Messages.octets(encoded)), encoding)) {
            return Messages.text(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
