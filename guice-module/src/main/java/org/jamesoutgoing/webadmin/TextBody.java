/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jamesoutgoing.webadmin.Problem.BadRequestException;
import spark.Request;

/** A body that is a text, of bounded size, in UTF-8. */
final class TextBody {

    private TextBody() {}

    /** Empty when there is none. */
    static String read(Request request) throws BadRequestException {
        byte[] octets = request.bodyAsBytes();
        return read(octets == null ? new byte[0] : octets);
    }

    static String read(byte[] octets) throws BadRequestException {
        if (octets.length > RequestBody.MAX_OCTETS) {
            throw new BadRequestException(
                    "the body has " + octets.length + " octets; allowed: " + RequestBody.MAX_OCTETS + " at most");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body is not UTF-8; allowed: the text of a template in UTF-8");
        }
    }
}
