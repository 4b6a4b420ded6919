/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jamesoutgoing.delivery.Intervention;
import org.jamesoutgoing.queue.Hold;
import org.jamesoutgoing.settings.ValueType;

/**
 * What is to be done with one mail or with many.
 *
 * @param reason for people: in the failure message of {@code fail}, in lists of held mail
 * @param until when a hold ends by itself, if ever
 */
public record QueueAction(Kind kind, Optional<String> reason, Optional<Instant> until) {

    /** As it is written in requests, in lower case. */
    public enum Kind {
        RETRY,
        DELETE,
        FAIL,
        HOLD,
        RELEASE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws org.jamesoutgoing.settings.OptionException naming what is allowed */
        public static Kind of(String text) {
            return ValueType.choice(Kind.class).read("action", text);
        }
    }

    public Intervention at(Instant now) {
        return switch (kind) {
            case RETRY -> new Intervention.Retry();
            case DELETE -> new Intervention.Delete();
            case FAIL -> new Intervention.Fail(reason.orElse("the administrator of this server has given it up"));
            case HOLD -> new Intervention.KeepHeld(
                    new Hold(Hold.Kind.HELD, reason.orElse("held by the administrator of this server"), now, until));
            case RELEASE -> new Intervention.Release();
        };
    }
}
