/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.admin;

import java.util.Optional;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.queue.MailState;

/**
 * One mail, looked at closely.
 *
 * @param state its attempts and what else is written on it; empty for a mail that is in the outgoing queue, which nobody can
 *     look into
 * @param messageId its Message-ID, if it was read; whatever its author wrote there, 200 characters of it at most
 */
public record MailDetail(ListedMail listed, Optional<MailState> state, Optional<String> messageId) {}
