/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.concurrent.CompletableFuture;
import org.jamesoutgoing.queue.Hold;

/** What somebody wants done with one mail, whatever state it is in. */
public sealed interface Intervention {

    /** Try it now, whatever its due time and the back-off of its next hop. */
    record Retry() implements Intervention {}

    /** Drop it; nobody is told. */
    record Delete() implements Intervention {}

    /** Give it up: who is told of failures is told of this one. */
    record Fail(String reason) implements Intervention {}

    /** Keep it until it is released. */
    record KeepHeld(Hold hold) implements Intervention {}

    /** Try it as if it had never been held. */
    record Release() implements Intervention {}

    /** What became of it. */
    enum Result {
        /** It is done, and written down. */
        DONE,
        /** It was being delivered, and that came to its end: delivered, or given up. */
        FINISHED,
        /**
         * It cannot be done in the state that the mail is in: a held mail is released, not retried, and only such a one;
         * a mail cannot be read, or was split this moment; or something else was wanted of it later.
         */
        NOT_NOW,
        /** There is no such mail. */
        GONE
    }

    /** One that is to be carried out as soon as the mail is at hand. */
    record Pending(Intervention intervention, CompletableFuture<Result> result) {}
}
