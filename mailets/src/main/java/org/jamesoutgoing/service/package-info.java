/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The outgoing-mail service as a whole: {@link org.jamesoutgoing.service.OutgoingMailService} wires the stages of a mail's
 * way and starts and stops them; {@link org.jamesoutgoing.service.OutgoingServices} keeps one service for each outgoing
 * queue, however many mailets feed it.
 *
 * <p>What administrators change while it runs, kept over restarts, has a registry each (routes, templates, limits and
 * suspensions); what they look at ({@link org.jamesoutgoing.admin.QueueView}) and what they have done with mails
 * ({@link org.jamesoutgoing.admin.QueueWork}) begins here too. {@link org.jamesoutgoing.service.Export} and {@link org.jamesoutgoing.service.Import} take all of it to another
 * server.
 *
 * <p>May use everything but {@code mailets} and {@code backup}.
 */
package org.jamesoutgoing.service;
