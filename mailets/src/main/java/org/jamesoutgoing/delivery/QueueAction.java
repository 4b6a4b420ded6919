/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jamesoutgoing.queue.Hold;

/**
 * What an administrator has done with one mail or with many, whatever state they are in.
 *
 * @param reason for people: in the failure message of {@code fail}, in lists of held mail
 * @param until when a hold ends by itself, if ever
 */
public record QueueAction(Kind kind, Optional<String> reason, Optional<Instant> until) {

    public enum Kind {
        /** Try it now, whatever its due time and the back-off of its next hop. */
        RETRY,
        /** Drop it; nobody is told. */
        DELETE,
        /** Give it up: who is told of failures is told of this one. */
        FAIL,
        /** Keep it until it is released. */
        HOLD,
        /** Try it as if it had never been held. */
        RELEASE;

        /** As it is written in requests. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What became of it. */
    public enum Result {
        /** It is done, and written down. */
        DONE,
        /** The mail was being delivered, and that came to its end: delivered, or given up. */
        FINISHED,
        /**
         * It cannot be done in the state that the mail is in: a held mail is released, not retried, and only such a one;
         * a mail cannot be read, or was split this moment; or something else was wanted of it later.
         */
        NOT_NOW,
        /** There is no such mail. */
        GONE
    }

    /** Why a mail is given up. */
    String whyGivenUp() {
        return reason.orElse("the administrator of this server has given it up");
    }

    /** The hold that this action puts on a mail. */
    Hold hold(Instant since) {
        return new Hold(Hold.Kind.HELD, reason.orElse("held by the administrator of this server"), since, until);
    }
}
