/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/** What a host says to the question whether it would take mail for a recipient. */
public sealed interface RecipientAnswer {

    /** It would. */
    record Taken() implements RecipientAnswer {}

    /** It would not, for good: {@code reply} is a 5xx to {@code RCPT}. */
    record Refused(Reply reply) implements RecipientAnswer {}

    /**
     * It does not say: it answered 4xx, or took offence at something else than the recipient.
     *
     * @param why one printable line
     */
    record Undecided(String why) implements RecipientAnswer {}

    /**
     * It could not be asked: no connection, or no answer in time.
     *
     * @param why one printable line
     */
    record Unreachable(String why) implements RecipientAnswer {}
}
