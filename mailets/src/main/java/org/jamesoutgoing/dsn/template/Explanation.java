/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Optional;
import org.jamesoutgoing.dsn.reason.Diagnosis;

/**
 * Why one recipient did not get the message, in one language.
 *
 * @param reason never empty, unless an administrator made it so
 * @param advice what the sender can do
 */
public record Explanation(String reason, String advice) {
    /**
     * @param status enhanced status code (RFC 3463), such as {@code 5.1.1}; anything else tells nothing
     * @param lastStatus the one of the last attempt, when {@code status} only says that the time is up
     * @param reply what the other server answered, if it was the other server that decided
     * @param detail what our log says
     * @param address the recipient's, made fit to be shown
     */
    public static Explanation of(
            String status,
            Optional<String> lastStatus,
            Optional<String> reply,
            String detail,
            String address,
            Phrasebook language) {
        return language.explain(Diagnosis.of(status, lastStatus, reply, detail), address);
    }
}
