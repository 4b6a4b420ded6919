/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/** A James mail repository on disk that can be trusted with waiting mail. Administrators write the name of {@link org.jamesoutgoing.repository.DurableMailRepository}, so that stays. */
package org.jamesoutgoing.repository;
