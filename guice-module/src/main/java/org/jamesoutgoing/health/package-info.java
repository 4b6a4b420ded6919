/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * The health check {@code Outgoing mail} among James's own: named in {@code healthcheck.properties}. What is looked at, and what
 * is called healthy, is in {@link org.jamesoutgoing.admin.ServiceHealth}; besides, it asks James whether its webadmin is open to
 * everybody.
 */
package org.jamesoutgoing.health;
